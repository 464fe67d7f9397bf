import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { collectText } from "../../client/collect";
import type { Connection } from "../../client/connection";
import { namesFor } from "../../client/request-key";
import { readRecord, writeRecord } from "../../client/request-record";
import { type Submission, submit } from "../../client/submit";
import { waitForAll } from "../../client/wait";
import { UsageError } from "../../contract/errors";
import { RehearsedEndpoint } from "../fixtures/rehearsed-endpoint";

const contentType = "text/plain";
const mebibyte = 1024 * 1024;

describe("a submission with a key", () => {
  let at: RehearsedEndpoint;
  let connection: Connection;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "once-"));
    at = await RehearsedEndpoint.open({ image: "echoes", concurrency: 4 });
    connection = at.connection;
  });
  after(async () => {
    await at.close();
    await rm(folder, { recursive: true });
  });

  const accepted = (inferenceId: string): number =>
    at.journal("request").filter((each) => each.step === "accepted" && each.inferenceId === inferenceId).length;
  const bytes = (text: string) => ({ bytes: Buffer.from(text) });
  const withoutMark = ({ repeated: _repeated, ...rest }: Submission): Submission => rest;

  /** Commands of one kind sent while `work` runs, in order; `onSend` is told before each, and may throw. */
  async function during<T>(
    command: string,
    work: () => Promise<T>,
    onSend: (count: number) => void = () => {},
  ): Promise<{ result: PromiseSettledResult<T>; sent: number }> {
    let sent = 0;
    connection.s3.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === command) onSend(++sent);
        return next(args);
      },
      { step: "initialize", name: "counted" },
    );
    try {
      const [result] = await Promise.allSettled([work()]);
      return { result: result as PromiseSettledResult<T>, sent };
    } finally {
      connection.s3.middlewareStack.remove("counted");
    }
  }

  it("says which right is missing to a caller who may claim a request and not read whose it is", async () => {
    await submit(connection, bytes("x"), { contentType, key: "unreadable" });
    const denied = Object.assign(new Error("s3:GetObject"), {
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });
    const { result, sent } = await during(
      "GetObjectCommand",
      () => submit(connection, bytes("x"), { contentType, key: "unreadable" }),
      () => {
        throw denied;
      },
    );
    assert.equal(result.status === "rejected" && result.reason, denied);
    // Once when it might have been missing, and once when it could not be.
    assert.equal(sent, 2);
    assert.equal(accepted("unreadable"), 1);
  });

  it("is found again, and sends nothing the second time", async () => {
    const first = await submit(connection, bytes("x"), { contentType, key: "found" });
    const again = await submit(connection, bytes("x"), { contentType, key: "found" });
    assert.deepEqual(again, { ...first, repeated: true });
    assert.equal(first.inferenceId, "found");
    assert.equal(first.outputLocation, `s3://payloads/results/${namesFor("found").filename}`);
    assert.equal(accepted("found"), 1);
    const endings = await waitForAll(connection, [first, again]);
    assert.deepEqual(
      endings.map(({ outcome, location }) => [outcome, location]),
      [1, 2].map(() => ["completed", first.outputLocation]),
    );
    assert.equal(await collectText(connection, first.outputLocation), "echo x");
  });

  it("is sent once when many send it at the same moment", async () => {
    const senders = await Promise.all(
      Array.from({ length: 8 }, () => submit(connection, bytes("x"), { contentType, key: "raced" })),
    );
    assert.equal(accepted("raced"), 1);
    assert.equal(senders.filter(({ repeated }) => repeated === undefined).length, 1);
    assert.equal(new Set(senders.map((each) => JSON.stringify(withoutMark(each)))).size, 1);
  });

  it("is sent by the next when its first sender failed, and need not wait for it", async () => {
    const missing = submit(connection, { path: join(folder, "none") }, { contentType, key: "retried" });
    await assert.rejects(missing, (cause) => cause instanceof UsageError && cause.problems[0]?.code === "ASY-301");
    const { repeated } = await submit(connection, bytes("x"), { contentType, key: "retried" });
    assert.equal(repeated, undefined);
    assert.equal(accepted("retried"), 1);
  });

  it("is taken over from a sender that died, under the same id and to the same place", async () => {
    const { objectName, filename } = namesFor("died");
    await writeRecord(connection, objectName, { version: 1, claimedAtMs: Date.now() - 120_001 });
    const submission = await submit(connection, bytes("x"), { contentType, key: "died" });
    assert.equal(submission.outputLocation, `s3://payloads/results/${filename}`);
    assert.deepEqual((await readRecord(connection, objectName))?.record.submission, submission);
  });

  it("waits for a sender that may still be at it, as long as the caller likes", async () => {
    await writeRecord(connection, namesFor("held").objectName, { version: 1, claimedAtMs: Date.now() });
    const stop = new AbortController();
    const { result, sent } = await during(
      "GetObjectCommand",
      () => submit(connection, bytes("x"), { contentType, key: "held", signal: stop.signal }),
      () => stop.abort(new Error("enough")),
    );
    assert.equal(result.status, "rejected");
    assert.equal(sent, 1);
    assert.equal(accepted("held"), 0);
  });

  it("goes on with an upload that broke off, and sends only the parts that are missing", async () => {
    const path = join(folder, "forty");
    await writeFile(path, randomBytes(18 * mebibyte));
    const send = () => submit(connection, { path }, { contentType, key: "forty" });
    const broken = await during("CompleteMultipartUploadCommand", send, () => {
      throw new Error("the connection broke");
    });
    assert.equal(broken.result.status, "rejected");
    const resumed = await during("UploadPartCommand", send);
    assert.equal(resumed.result.status, "fulfilled");
    assert.equal(resumed.sent, 0);
    assert.equal(accepted("forty"), 1);
  });

  it("sends again a part whose bytes have changed meanwhile", async () => {
    const path = join(folder, "changed");
    await writeFile(path, randomBytes(18 * mebibyte));
    const send = () => submit(connection, { path }, { contentType, key: "changed" });
    await during("CompleteMultipartUploadCommand", send, () => {
      throw new Error("the connection broke");
    });
    await appendFile(path, "more");
    const { result, sent } = await during("UploadPartCommand", send);
    assert.equal(result.status, "fulfilled");
    assert.equal(sent, 1);
  });

  it("of a file that changes under way is refused by its code, and reaches no endpoint", async () => {
    const path = join(folder, "changing");
    await writeFile(path, randomBytes(18 * mebibyte));
    const { result } = await during(
      "CreateMultipartUploadCommand",
      () => submit(connection, { path }, { contentType, key: "changing" }),
      () => appendFileSync(path, "more"),
    );
    assert.ok(result.status === "rejected" && result.reason instanceof UsageError, String(result.status));
    assert.deepEqual(
      result.reason.problems.map(({ code, at: where, got }) => [code, where, got]),
      [["ASY-306", path, `${18 * mebibyte + 4} bytes after ${18 * mebibyte}`]],
    );
    assert.equal(accepted("changing"), 0);
  });
});

describe("a submission of a stream", () => {
  let at: RehearsedEndpoint;
  before(async () => {
    at = await RehearsedEndpoint.open({ image: "echoes", concurrency: 4 });
  });
  after(() => at.close());

  const streamOf = (size: number, chunk = 65_537): Readable =>
    Readable.from(
      (function* () {
        for (let sent = 0; sent < size; sent += chunk) yield Buffer.alloc(Math.min(chunk, size - sent), "s");
      })(),
    );
  const uploads = async (): Promise<number> =>
    (await at.world.s3.listMultipartUploads(at.call, { Bucket: "payloads" })).Uploads?.length ?? 0;

  for (const [size, how] of [
    [128_000, "within the call"],
    [128_001, "through S3"],
    [19_000_000, "through S3"],
  ] as const) {
    it(`of ${size} bytes goes ${how}, and its length is told`, async () => {
      const submission = await submit(at.connection, { stream: streamOf(size) }, { contentType });
      assert.equal(submission.payloadBytes, size);
      assert.equal(submission.inputLocation === undefined, how === "within the call");
      const [ending] = await waitForAll(at.connection, [submission]);
      assert.equal(ending?.outcome, "completed");
      assert.equal(await collectText(at.connection, submission.outputLocation), `echo ${"s".repeat(size)}`);
    });
  }

  it("longer than the fleet declares is stopped there, and nothing of it is left", async () => {
    await assert.rejects(
      submit(at.connection, { stream: streamOf(20_000_001), name: "standard input" }, { contentType }),
      (cause) =>
        cause instanceof UsageError &&
        cause.problems[0]?.code === "ASY-302" &&
        cause.problems[0].at === "standard input" &&
        cause.problems[0].got === "more than 20000000 bytes",
    );
    assert.equal(await uploads(), 0);
  });

  it("that breaks off is told by its code, and nothing of it is left", async () => {
    const breaking = Readable.from(
      (async function* () {
        yield Buffer.alloc(17_000_000);
        throw new Error("the pipe broke");
      })(),
    );
    await assert.rejects(
      submit(at.connection, { stream: breaking }, { contentType }),
      (cause) => cause instanceof UsageError && /ASY-301[\s\S]*the pipe broke/.test(cause.message),
    );
    assert.equal(await uploads(), 0);
  });
});

describe("a submission of an object that is in S3 already", () => {
  let at: RehearsedEndpoint;
  before(async () => {
    at = await RehearsedEndpoint.open({ image: "echoes" });
    await at.world.s3.putObject(at.call, { Bucket: "payloads", Key: "inputs/there", Body: "hello" });
    await at.world.s3.putObject(at.call, { Bucket: "payloads", Key: "inputs/big", Body: Buffer.alloc(20_000_001) });
  });
  after(() => at.close());

  const refused = async (s3Uri: string): Promise<unknown> =>
    submit(at.connection, { s3Uri }, { contentType }).then(
      () => assert.fail("it was accepted"),
      (cause: UsageError) => cause.problems.map(({ code, got }) => [code, got]),
    );

  it("names it and copies nothing", async () => {
    const submission = await submit(at.connection, { s3Uri: "s3://payloads/inputs/there" }, { contentType });
    assert.deepEqual([submission.inputLocation, submission.payloadBytes], ["s3://payloads/inputs/there", 5]);
    await waitForAll(at.connection, [submission]);
    assert.equal(await collectText(at.connection, submission.outputLocation), "echo hello");
  });

  it("is refused when it is not there, too large, or no location", async () => {
    assert.deepEqual(await refused("s3://payloads/inputs/none"), [["ASY-301", "no such object"]]);
    assert.deepEqual(await refused("s3://payloads/inputs/big"), [["ASY-302", "20000001 bytes"]]);
    assert.deepEqual(await refused("payloads/inputs/there"), [["ASY-301", "not a location s3://bucket/key"]]);
  });
});
