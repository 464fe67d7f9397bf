import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Crc64NvmeJs } from "@aws-sdk/checksums/crc";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import fc from "fast-check";
import { startWire, type Wire } from "../../../../rehearsal/wire/server";
import { Clock } from "../../../../rehearsal/world/clock";
import { type Algorithm, algorithms, digests, joined } from "../../../../rehearsal/world/s3/checksums";
import { World } from "../../../../rehearsal/world/world";
import { FakeContainers } from "../../../support/fake-containers";

const Bucket = "sums";
const mebibyte = 1024 * 1024;

async function sum(algorithm: Algorithm, bytes: Uint8Array): Promise<string> {
  const digest = digests[algorithm]();
  digest.update(Buffer.from(bytes));
  return digest.base64();
}

describe("S3's checksums", () => {
  let folder: string;
  let world: World;
  let wire: Wire;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "checksums-"));
    const clock = new Clock({ kind: "fast-forward" }, Date.UTC(2026, 0, 1));
    world = new World({ clock, folder, containers: new FakeContainers() });
    wire = await startWire(world);
    await client().send(new CreateBucketCommand({ Bucket }));
  });
  after(async () => {
    await wire.close();
    await world.close();
    await rm(folder, { recursive: true });
  });

  const client = (more: object = {}) =>
    new S3Client({
      region: "eu-west-1",
      endpoint: wire.url,
      forcePathStyle: true,
      credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
      maxAttempts: 1,
      ...more,
    });
  /** A client that neither gives checksums nor looks at any. */
  const plain = () =>
    client({ requestChecksumCalculation: "WHEN_REQUIRED", responseChecksumValidation: "WHEN_REQUIRED" });

  it("have the check values of their definitions", async () => {
    const check = Buffer.from("123456789");
    const hex = async (algorithm: Algorithm) => Buffer.from(await sum(algorithm, check), "base64").toString("hex");
    assert.equal(await hex("CRC32"), "cbf43926");
    assert.equal(await hex("CRC32C"), "e3069283");
    assert.equal(await hex("CRC64NVME"), "ae8b14860a799888");
    assert.equal(await hex("MD5"), "25f9e794323b453885f5181f1b624d0b");
  });

  it("of parts make the whole's, wherever it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom("CRC32" as const, "CRC32C" as const, "CRC64NVME" as const),
        async (parts, algorithm) => {
          const summed = await Promise.all(
            parts.map(async (part) => ({ value: await sum(algorithm, part), bytes: part.length })),
          );
          assert.equal(joined(algorithm, summed), await sum(algorithm, Buffer.concat(parts)));
        },
      ),
    );
  });

  for (const algorithm of algorithms) {
    it(`of ${algorithm} is compared, kept and told`, async () => {
      const Body = Buffer.from(`bytes for ${algorithm}`);
      const name = `Checksum${algorithm}` as const;
      const value = await sum(algorithm, Body);
      const put = await plain().send(new PutObjectCommand({ Bucket, Key: algorithm, Body, [name]: value }));
      assert.deepEqual([put[name], put.ChecksumType], [value, "FULL_OBJECT"]);
      const head = await plain().send(new HeadObjectCommand({ Bucket, Key: algorithm, ChecksumMode: "ENABLED" }));
      assert.deepEqual([head[name], head.ChecksumType], [value, "FULL_OBJECT"]);
      const unasked = await plain().send(new HeadObjectCommand({ Bucket, Key: algorithm }));
      assert.deepEqual([unasked[name], unasked.ChecksumType], [undefined, undefined]);
      const other = await sum(algorithm, Buffer.from("other bytes"));
      await assert.rejects(plain().send(new PutObjectCommand({ Bucket, Key: "other", Body, [name]: other })), {
        name: "BadDigest",
        message: `The ${algorithm} you specified did not match the calculated checksum.`,
      });
      await assert.rejects(plain().send(new HeadObjectCommand({ Bucket, Key: "other" })), { name: "NotFound" });
    });
  }

  it("that come behind the bytes are kept, too", async () => {
    const Body = Buffer.from("streamed");
    const key = { Bucket, Key: "trailing" };
    async function* bytes() {
      yield Body;
    }
    const { Readable } = await import("node:stream");
    await client().send(
      new PutObjectCommand({ ...key, Body: Readable.from(bytes()), ContentLength: 8, ChecksumAlgorithm: "SHA256" }),
    );
    const { ChecksumSHA256 } = await plain().send(new HeadObjectCommand({ ...key, ChecksumMode: "ENABLED" }));
    assert.equal(ChecksumSHA256, createHash("sha256").update(Body).digest("base64"));
  });

  it("that nobody gave are S3's own, of the whole object, and a range has none", async () => {
    const Body = Buffer.from("nobody summed this");
    const key = { Bucket, Key: "unsummed" };
    await plain().send(new PutObjectCommand({ ...key, Body }));
    const crc = new Crc64NvmeJs();
    crc.update(Body);
    const expected = Buffer.from(await crc.digest()).toString("base64");
    const got = await client().send(new GetObjectCommand(key));
    assert.deepEqual([got.ChecksumCRC64NVME, got.ChecksumType], [expected, "FULL_OBJECT"]);
    assert.equal(await got.Body?.transformToString(), "nobody summed this");
    const part = await client().send(new GetObjectCommand({ ...key, Range: "bytes=0-5" }));
    assert.equal(part.ChecksumCRC64NVME, undefined);
  });

  it("are refused when there are two of them, when they cannot be one, and an MD5 that is none", async () => {
    const put = (more: object) => plain().send(new PutObjectCommand({ Bucket, Key: "odd", Body: "x", ...more }));
    const [ChecksumCRC32, ChecksumSHA1] = [await sum("CRC32", Buffer.from("x")), await sum("SHA1", Buffer.from("x"))];
    await assert.rejects(put({ ChecksumCRC32, ChecksumSHA1 }), {
      name: "InvalidRequest",
      message: "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    });
    await assert.rejects(put({ ChecksumCRC32: "AAAA" }), {
      name: "InvalidRequest",
      message: "Value for x-amz-checksum-crc32 header is invalid.",
    });
    await assert.rejects(put({ ContentMD5: "none" }), { name: "InvalidDigest" });
    const md5 = createHash("md5").update("y").digest("base64");
    await assert.rejects(put({ ContentMD5: md5 }), { name: "BadDigest" });
  });

  it("of a copy are the source's", async () => {
    const value = await sum("SHA1", Buffer.from("copied"));
    await plain().send(new PutObjectCommand({ Bucket, Key: "source", Body: "copied", ChecksumSHA1: value }));
    const { CopyObjectResult } = await plain().send(
      new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/source` }),
    );
    assert.deepEqual([CopyObjectResult?.ChecksumSHA1, CopyObjectResult?.ChecksumType], [value, "FULL_OBJECT"]);
  });

  describe("of an object in parts", () => {
    const first = Buffer.alloc(5 * mebibyte, "a");
    const last = Buffer.from("the end");

    async function upload(
      Key: string,
      algorithm: Algorithm,
      ChecksumType?: "FULL_OBJECT" | "COMPOSITE",
      complete: object = {},
    ) {
      const begun = await plain().send(
        new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: algorithm, ChecksumType }),
      );
      const Parts = [];
      for (const [index, Body] of [first, last].entries()) {
        const part = { Bucket, Key, UploadId: begun.UploadId, PartNumber: index + 1 };
        const name = `Checksum${algorithm}` as const;
        const { ETag, [name]: told } = await plain().send(
          new UploadPartCommand({ ...part, Body, [name]: await sum(algorithm, Body) }),
        );
        Parts.push({ PartNumber: index + 1, ETag, [name]: told });
      }
      const whole = { Bucket, Key, UploadId: begun.UploadId, MultipartUpload: { Parts }, ...complete };
      return { begun, done: await plain().send(new CompleteMultipartUploadCommand(whole)) };
    }

    it("is that of their checksums, or with CRC64NVME that of the whole", async () => {
      const raw = await Promise.all(
        [first, last].map(async (part) => Buffer.from(await sum("SHA256", part), "base64")),
      );
      const composite = `${createHash("sha256").update(Buffer.concat(raw)).digest("base64")}-2`;
      const { begun, done } = await upload("composite", "SHA256");
      assert.deepEqual([begun.ChecksumAlgorithm, begun.ChecksumType], ["SHA256", "COMPOSITE"]);
      assert.deepEqual([done.ChecksumSHA256, done.ChecksumType], [composite, "COMPOSITE"]);
      const attributes = await plain().send(
        new GetObjectAttributesCommand({
          Bucket,
          Key: "composite",
          ObjectAttributes: ["Checksum", "ObjectParts", "ObjectSize", "ETag", "StorageClass"],
        }),
      );
      assert.deepEqual(attributes.Checksum, { ChecksumSHA256: composite, ChecksumType: "COMPOSITE" });
      assert.deepEqual(
        attributes.ObjectParts?.Parts?.map(({ PartNumber, Size, ChecksumSHA256 }) => [
          PartNumber,
          Size,
          ChecksumSHA256,
        ]),
        [
          [1, first.length, raw[0]?.toString("base64")],
          [2, last.length, raw[1]?.toString("base64")],
        ],
      );
      assert.deepEqual(
        [attributes.ObjectSize, attributes.StorageClass, /^[0-9a-f]{32}-2$/.test(attributes.ETag ?? "")],
        [first.length + last.length, "STANDARD", true],
      );
      const whole = await upload("whole", "CRC64NVME");
      assert.deepEqual(
        [whole.done.ChecksumCRC64NVME, whole.done.ChecksumType],
        [await sum("CRC64NVME", Buffer.concat([first, last])), "FULL_OBJECT"],
      );
    });

    it("must be what the caller says of the whole, and its size, too", async () => {
      const right = await sum("CRC32", Buffer.concat([first, last]));
      await upload("said", "CRC32", "FULL_OBJECT", { ChecksumCRC32: right, MpuObjectSize: first.length + last.length });
      await assert.rejects(upload("said", "CRC32", "FULL_OBJECT", { ChecksumCRC32: await sum("CRC32", last) }), {
        name: "BadDigest",
      });
      await assert.rejects(upload("said", "CRC32", "FULL_OBJECT", { MpuObjectSize: 1 }), { name: "InvalidRequest" });
    });

    it("is of one kind for all of them, and a kind that can be", async () => {
      const begin = (more: object) => plain().send(new CreateMultipartUploadCommand({ Bucket, Key: "kinds", ...more }));
      await assert.rejects(begin({ ChecksumAlgorithm: "SHA256", ChecksumType: "FULL_OBJECT" }), {
        message: "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.",
      });
      await assert.rejects(begin({ ChecksumAlgorithm: "CRC64NVME", ChecksumType: "COMPOSITE" }), {
        name: "InvalidRequest",
      });
      await assert.rejects(begin({ ChecksumType: "COMPOSITE" }), { name: "InvalidRequest" });
      const { UploadId } = await begin({ ChecksumAlgorithm: "SHA256" });
      const part = { Bucket, Key: "kinds", UploadId, PartNumber: 1, Body: "x" };
      await assert.rejects(plain().send(new UploadPartCommand(part)), {
        message: "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: null",
      });
      const ChecksumSHA256 = await sum("SHA256", Buffer.from("x"));
      const { ETag } = await plain().send(new UploadPartCommand({ ...part, ChecksumSHA256 }));
      await assert.rejects(
        plain().send(
          new CompleteMultipartUploadCommand({
            Bucket,
            Key: "kinds",
            UploadId,
            MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
          }),
        ),
        { message: /^The upload was created using a sha256 checksum\..*missing for part 1 in the request\.$/ },
      );
    });

    it("is verified by the SDK's own upload and download", async () => {
      const Body = Buffer.concat([first, last]);
      await new Upload({ client: client(), params: { Bucket, Key: "sdk", Body }, partSize: 5 * mebibyte }).done();
      const head = await plain().send(new HeadObjectCommand({ Bucket, Key: "sdk", ChecksumMode: "ENABLED" }));
      assert.match(head.ChecksumCRC32 ?? "", /^[A-Za-z0-9+/]{6}==-2$/);
      const { Body: back } = await client().send(new GetObjectCommand({ Bucket, Key: "sdk" }));
      assert.equal((await back?.transformToByteArray())?.length, Body.length);
    });
  });

  it("leave no file behind where they were wrong", async () => {
    const before = (await readdir(join(folder, "s3"))).length;
    const wrong = await sum("CRC32", Buffer.from("y"));
    await assert.rejects(
      plain().send(new PutObjectCommand({ Bucket, Key: "left", Body: Buffer.alloc(mebibyte), ChecksumCRC32: wrong })),
    );
    assert.equal((await readdir(join(folder, "s3"))).length, before);
  });
});
