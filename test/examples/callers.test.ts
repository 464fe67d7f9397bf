import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SnsEvent } from "../../examples/notice-consumer/handler";
import { RehearsedEndpoint } from "../fixtures/rehearsed-endpoint";
import { rootDir } from "../support/fleet-process";
import { withSources } from "../support/library-sources";
import { bare, digits, ServedFleet } from "../support/served-fleet";

const { classifyFolder } = withSources(
  () => require("../../examples/classify-folder/index") as typeof import("../../examples/classify-folder/index"),
);
const { createHandler } = withSources(
  () => require("../../examples/notice-consumer/handler") as typeof import("../../examples/notice-consumer/handler"),
);
const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };

describe("the example that classifies a folder", function () {
  this.timeout(60_000);
  it("counts digits, and names what is none", async () => {
    const at = await ServedFleet.open();
    try {
      const folder = join(at.folder, "scans");
      await mkdir(folder);
      for (const name of ["seven.pgm", "three.pgm", "broken.pgm"] as const)
        await copyFile(digits(name), join(folder, name));
      await copyFile(digits("seven.pgm"), join(folder, "again.pgm"));
      const options = { endpoint: at.url, credentials };
      const tally = await classifyFolder(folder, join(at.folder, "results"), at.manifest, options);
      assert.deepEqual(tally, { digits: { 3: 1, 7: 2 }, wrong: ["broken.pgm"], perRegion: { "eu-west-1": 4 } });
    } finally {
      await at.close();
    }
  });
});

describe("the walkthrough", function () {
  this.timeout(120_000);
  it("runs from an empty folder to an empty world", async () => {
    const temporary = await mkdtemp(join(tmpdir(), "walkthrough-"));
    try {
      const { stdout } = await promisify(execFile)("bash", [join(rootDir, "examples/walkthrough/walkthrough.sh")], {
        cwd: temporary,
        env: { ...process.env, ...bare, TMPDIR: temporary },
      });
      assert.match(stdout, /^\{"digit":7,"confidence":1\}$/m);
      assert.match(stdout, /^25 items: 25 completed; /m);
      assert.match(stdout, /│ eu-west-1 │ InService │/);
    } finally {
      await rm(temporary, { recursive: true });
    }
  });
});

describe("the consumer of notices", function () {
  this.timeout(60_000);
  let at: RehearsedEndpoint;
  before(async () => {
    at = await RehearsedEndpoint.open({ image: "echoes" });
  });
  after(() => at.close());

  const event = (...documents: object[]): SnsEvent => ({
    Records: documents.map((document) => ({ Sns: { Message: JSON.stringify(document) } })),
  });
  const consumer = (fails = 0) => {
    const claimed = new Set<string>();
    const ends: Array<[string, object]> = [];
    const handler = createHandler({
      manifest: { version: 1, project: "test", stack: "dev", regions: { "eu-west-1": at.connection.manifest } },
      access: { endpoint: at.rehearsal.url, credentials },
      ledger: {
        claim: async (id) => !claimed.has(id) && claimed.add(id) !== undefined,
        release: async (id) => void claimed.delete(id),
      },
      onEnd: async (id, end) => {
        if (fails-- > 0) throw new Error("the table is away");
        ends.push([id, end]);
      },
    });
    return { handler, ends };
  };

  it("reads each result once, however often its notice comes, and ignores test notifications", async () => {
    await at.ended("first");
    const [notice] = await at.drainNotices();
    assert.ok(notice !== undefined);
    const { topic: _topic, ...document } = notice;
    const { handler, ends } = consumer();
    await handler(event({ ...document, eventName: "TestNotification" }, document, document));
    await handler(event(document));
    assert.deepEqual(ends, [["first", { result: "echo first" }]]);
  });

  it("passes SageMaker's words of a failure on, and leaves other publishers' messages alone", async () => {
    const failed = {
      eventSource: "aws:sagemaker",
      eventName: "InferenceResult",
      invocationStatus: "Failed",
      inferenceId: "second",
      failureReason: "ClientError: Received client error (400) from model.",
    };
    const { handler, ends } = consumer();
    await handler(event({ hello: "world" }, failed));
    assert.deepEqual(ends, [["second", { failure: failed.failureReason }]]);
  });

  it("tries again with the next delivery when its own work fails", async () => {
    await at.ended("third");
    const [notice] = await at.drainNotices();
    const { topic: _topic, ...document } = notice ?? { topic: "" };
    const { handler, ends } = consumer(1);
    await assert.rejects(handler(event(document)), /the table is away/);
    await handler(event(document));
    assert.deepEqual(ends, [["third", { result: "echo third" }]]);
  });
});
