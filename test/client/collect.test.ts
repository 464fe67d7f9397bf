import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collect, collectText, collectToFile } from "../../client/collect";
import { submit } from "../../client/submit";
import { waitForAll } from "../../client/wait";
import { type Problem, UsageError } from "../../contract/errors";
import { RehearsedEndpoint } from "../fixtures/rehearsed-endpoint";

/** Prefixes with characters that a URL writes otherwise than S3 does. */
const prefixes = ["results of today/", "ergebnisse/ä ö/", "a+b&c=d/", "it's (new)!/", "double//slash/", "a:b@c/"];

describe("a result", () => {
  let at: RehearsedEndpoint;
  before(async () => {
    at = await RehearsedEndpoint.open({ image: "echoes" });
  });
  after(() => at.close());

  const put = (Key: string, Body: Buffer | string, ContentType?: string) =>
    at.world.s3.putObject(at.call, {
      Bucket: "payloads",
      Key,
      Body,
      ...(ContentType === undefined ? {} : { ContentType }),
    });

  it("comes as a stream, with its size and its media type", async () => {
    const content = randomBytes(8_000_000);
    await put("results/large", content, "image/tiff");
    const { body, ...rest } = await collect(at.connection, "s3://payloads/results/large");
    assert.deepEqual(rest, { contentType: "image/tiff", bytes: 8_000_000 });
    const hash = createHash("sha256");
    let chunks = 0;
    let largest = 0;
    for await (const chunk of body) {
      hash.update(chunk as Buffer);
      chunks++;
      largest = Math.max(largest, (chunk as Buffer).length);
    }
    assert.equal(hash.digest("hex"), createHash("sha256").update(content).digest("hex"));
    assert.ok(chunks > 10 && largest < 1_000_000, `${chunks} chunks, the largest of ${largest} bytes`);
  });

  it("may be left before its end, and others are had all the same", async () => {
    await put("results/left", randomBytes(8_000_000));
    const { body } = await collect(at.connection, "s3://payloads/results/left");
    await once(body, "readable");
    body.destroy();
    await once(body, "close");
    await put("results/small", "small", "text/plain");
    assert.equal(await collectText(at.connection, "s3://payloads/results/small"), "small");
  });

  it("may be empty", async () => {
    await put("results/empty", "", "text/plain");
    const { bytes } = await collect(at.connection, "s3://payloads/results/empty");
    assert.equal(bytes, 0);
    assert.equal(await collectText(at.connection, "s3://payloads/results/empty"), "");
  });

  it("as text keeps characters that lie across chunks", async () => {
    const text = `x${"ä€😀".repeat(100_000)}`;
    await put("results/text", text, "text/plain; charset=utf-8");
    assert.equal(await collectText(at.connection, "s3://payloads/results/text"), text);
  });

  it("that is not there is S3's own error", async () => {
    await assert.rejects(collect(at.connection, "s3://payloads/results/none"), {
      name: "NoSuchKey",
      message: "The specified key does not exist.",
    });
    await assert.rejects(collect(at.connection, "s3://elsewhere/results/none"), { name: "NoSuchBucket" });
  });
});

describe("a result collected to a file", () => {
  let at: RehearsedEndpoint;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "collect-"));
    at = await RehearsedEndpoint.open({ image: "echoes" });
    await at.world.s3.putObject(at.call, {
      Bucket: "payloads",
      Key: "results/one.out",
      Body: Buffer.alloc(3_000_000, "r"),
      ContentType: "text/csv",
    });
  });
  after(async () => {
    await at.close();
    await rm(folder, { recursive: true });
  });
  const location = "s3://payloads/results/one.out";

  it("is there whole, in a folder made for it, with its type told", async () => {
    const path = join(folder, "new", "folder", "one");
    assert.deepEqual(await collectToFile(at.connection, location, path), { contentType: "text/csv", bytes: 3_000_000 });
    assert.equal((await readFile(path, "utf8")) === "r".repeat(3_000_000), true);
    assert.deepEqual(await readdir(join(folder, "new", "folder")), ["one"]);
  });

  it("leaves nothing when it is stopped", async () => {
    await mkdir(join(folder, "stopped"));
    const path = join(folder, "stopped", "one");
    await assert.rejects(collectToFile(at.connection, location, path, { signal: AbortSignal.abort() }), {
      name: "AbortError",
    });
    assert.deepEqual(await readdir(join(folder, "stopped")), []);
  });

  it("that cannot be written is told by its code, with what was in the way", async () => {
    await writeFile(join(folder, "file"), "");
    await mkdir(join(folder, "folder", "in-the-way"), { recursive: true });
    for (const [path, got] of [
      [join(folder, "file", "one"), "EEXIST"],
      [join(folder, "folder", "in-the-way"), "EISDIR"],
    ] as const) {
      await assert.rejects(collectToFile(at.connection, location, path), (cause) => {
        assert.ok(cause instanceof UsageError, String(cause));
        const { fix: _fix, ...problem } = cause.problems[0] as Problem;
        assert.deepEqual(problem, {
          code: "ASY-307",
          at: path,
          got,
          expected: "room for 3000000 bytes in a folder you may write to",
        });
        return true;
      });
    }
    assert.deepEqual(await readdir(join(folder, "folder")), ["in-the-way"]);
  });

  it("goes into a device as it stands, and says so when the disk is full", async () => {
    const path = join(folder, "full");
    await symlink("/dev/full", path);
    await assert.rejects(
      collectToFile(at.connection, location, path),
      (cause) =>
        cause instanceof UsageError &&
        cause.problems[0]?.code === "ASY-307" &&
        cause.problems[0].got === "no space left on the disk",
    );
    assert.equal(await readlink(path), "/dev/full");
    await symlink("/dev/null", join(folder, "null"));
    const told: number[] = [];
    await collectToFile(at.connection, location, join(folder, "null"), { onProgress: (done) => told.push(done) });
    assert.equal(told.at(-1), 3_000_000);
    assert.equal(await readlink(join(folder, "null")), "/dev/null");
  });
});

describe("a result whose key has special characters", () => {
  for (const prefix of prefixes) {
    it(`is found below ${prefix}`, async () => {
      const at = await RehearsedEndpoint.open({ image: "echoes", outputPath: prefix });
      try {
        const submission = await submit(
          at.connection,
          { bytes: Buffer.from("x") },
          { contentType: "text/plain", inferenceId: "one" },
        );
        assert.equal(submission.outputLocation.startsWith(`s3://payloads/${prefix}`), true, submission.outputLocation);
        const [ending] = await waitForAll(at.connection, [submission]);
        assert.deepEqual(
          [ending?.outcome, ending?.location, ending?.notice?.outputLocation],
          ["completed", submission.outputLocation, submission.outputLocation],
        );
        assert.equal(await collectText(at.connection, submission.outputLocation), "echo x");
        const { Contents = [] } = await at.world.s3.listObjectsV2(at.call, { Bucket: "payloads" });
        assert.deepEqual(
          Contents.map(({ Key }) => `s3://payloads/${Key}`),
          [submission.outputLocation],
        );
        const [byObject] = await waitForAll(at.connection, [submission], { lookEverySeconds: 0 });
        assert.equal(byObject?.toldBy, "object");
      } finally {
        await at.close();
      }
    });
  }
});
