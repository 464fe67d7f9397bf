import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

const root = join(__dirname, "../../..");
const mebibyte = 1024 * 1024;

/** The kernel lets the server write no file beyond some MiB, which fails as a full disk does. */
describe("a server whose disk is full", () => {
  let folder: string;
  let server: ChildProcess;
  let client: S3Client;

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(join(tmpdir(), "disk-full-"));
    server = spawn("sh", ["-c", `ulimit -f 8192; exec "$0" bin/fleet.js serve --port 0`, process.execPath], {
      cwd: root,
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let endpoint = "";
    for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
      endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? "";
      if (endpoint !== "") break;
    }
    client = new S3Client({
      region: "eu-west-1",
      endpoint,
      forcePathStyle: true,
      credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
      maxAttempts: 1,
    });
    await client.send(new CreateBucketCommand({ Bucket: "full" }));
  });
  after(async () => {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    await rm(folder, { recursive: true, force: true });
  });

  const objectFiles = async (): Promise<string[]> =>
    (await readdir(folder, { recursive: true })).filter((path) => /(^|\/)s3\/[0-9a-f]{32}$/.test(path));
  const refused = {
    name: "ServiceUnavailable",
    message: "The rehearsal's disk is full: free some space and try again.",
    $fault: "server",
  };
  const large = Buffer.alloc(9 * mebibyte, "l");

  it("says so, keeps nothing of what had no room, and goes on with what has", async () => {
    await assert.rejects(client.send(new PutObjectCommand({ Bucket: "full", Key: "large", Body: large })), refused);
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: "full", Key: "parts" }));
    const part = { Bucket: "full", Key: "parts", UploadId, PartNumber: 1, Body: large };
    await assert.rejects(client.send(new UploadPartCommand(part)), refused);
    assert.deepEqual(await objectFiles(), []);
    await client.send(new PutObjectCommand({ Bucket: "full", Key: "small", Body: "fits" }));
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: "full" }));
    assert.deepEqual(
      Contents?.map(({ Key }) => Key),
      ["small"],
    );
    const { Body } = await client.send(new GetObjectCommand({ Bucket: "full", Key: "small" }));
    assert.equal(await Body?.transformToString(), "fits");
    assert.equal((await objectFiles()).length, 1);
  });

  it("keeps what was there before it was overwritten by something without room", async () => {
    await assert.rejects(client.send(new PutObjectCommand({ Bucket: "full", Key: "small", Body: large })), refused);
    const { Body } = await client.send(new GetObjectCommand({ Bucket: "full", Key: "small" }));
    assert.equal(await Body?.transformToString(), "fits");
  });
});
