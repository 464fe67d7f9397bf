import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { request } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InvokeEndpointAsyncCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { RehearsedEndpoint } from "../../fixtures/rehearsed-endpoint";

const payloadBytes = 100_000_000;
const block = Buffer.alloc(1_000_000, "0123456789abcdef");

async function* payload() {
  for (let sent = 0; sent < payloadBytes; sent += block.length) yield block;
}

describe("a payload of 100 MB", () => {
  let at: RehearsedEndpoint;
  before(async function () {
    this.timeout(60_000);
    at = await RehearsedEndpoint.open({ image: "digests" });
  });
  after(() => at.close());

  async function upload(path: string): Promise<number> {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=a/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0";
    const headers = { authorization, "content-length": String(payloadBytes) };
    const { hostname, port } = new URL(at.rehearsal.url);
    const sent = request({ hostname, port, method: "PUT", path, headers });
    const answered = new Promise<number>((resolve, reject) => {
      sent.on("response", (answer) => resolve(answer.resume().statusCode ?? 0));
      sent.on("error", reject);
    });
    await pipeline(Readable.from(payload()), sent);
    return answered;
  }

  it("goes up, to the container and into a result byte for byte, and is never in memory as a whole", async () => {
    const hash = createHash("sha256");
    for await (const chunk of payload()) hash.update(chunk);
    const beforeBytes = process.memoryUsage().rss;
    let mostBytes = beforeBytes;
    const look = setInterval(() => {
      mostBytes = Math.max(mostBytes, process.memoryUsage().rss);
    }, 10);
    try {
      assert.equal(await upload("/payloads/inputs/large"), 200);
      const runtime = new SageMakerRuntimeClient({
        region: "eu-west-1",
        endpoint: at.rehearsal.url,
        credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
      });
      await runtime.send(
        new InvokeEndpointAsyncCommand({
          EndpointName: "echo",
          InputLocation: "s3://payloads/inputs/large",
          ContentType: "application/octet-stream",
          InferenceId: "large",
        }),
      );
      await at.until(() => at.record("large")?.endedAtMs !== undefined, 3600);
    } finally {
      clearInterval(look);
    }
    const { Contents = [] } = await at.world.s3.listObjectsV2(at.call, { Bucket: "payloads", Prefix: "results/" });
    assert.equal(Contents.length, 1);
    const { Body } = await at.world.s3.getObject(at.call, { Bucket: "payloads", Key: Contents[0]?.Key });
    const chunks: Buffer[] = [];
    for await (const chunk of Body as Readable) chunks.push(chunk as Buffer);
    assert.deepEqual(JSON.parse(Buffer.concat(chunks).toString()), {
      bytes: payloadBytes,
      sha256: hash.digest("hex"),
    });
    const grownBytes = mostBytes - beforeBytes;
    assert.ok(grownBytes < payloadBytes, `${grownBytes} bytes more were resident`);
  }).timeout(60_000);
});
