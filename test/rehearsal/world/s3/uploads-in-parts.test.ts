import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { administrator, type Call } from "../../../../rehearsal/world/call";
import { Clock } from "../../../../rehearsal/world/clock";
import { World } from "../../../../rehearsal/world/world";
import { FakeContainers } from "../../../support/fake-containers";

const call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
const at = { Bucket: "parts", Key: "whole" };
const enough = Buffer.alloc(5 * 1024 * 1024, "p");

describe("an upload in parts", () => {
  let folder: string;
  let world: World;
  let UploadId: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "parts-"));
    world = new World({
      clock: new Clock({ kind: "manual" }, Date.UTC(2026, 0, 1)),
      folder,
      containers: new FakeContainers(),
    });
    await world.s3.createBucket(call, { Bucket: at.Bucket });
    UploadId = (await world.s3.createMultipartUpload(call, at)).UploadId ?? "";
  });
  afterEach(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  const part = async (PartNumber: number, Body: Buffer | Readable = enough) => ({
    PartNumber,
    ETag: (await world.s3.uploadPart(call, { ...at, UploadId, PartNumber, Body: Body as never })).ETag,
  });
  const complete = (Parts: Array<{ PartNumber: number; ETag: string | undefined }>, more: object = {}) =>
    world.s3.completeMultipartUpload(call, { ...at, UploadId, MultipartUpload: { Parts }, ...more });
  const abort = () => world.s3.abortMultipartUpload(call, { ...at, UploadId });
  const files = async () => (await readdir(join(folder, "s3"))).length;

  it("has parts from 1 to 10,000", async () => {
    for (const number of [0, -1, 1.5, 10_001]) {
      await assert.rejects(part(number), {
        code: "InvalidArgument",
        message: "Part number must be an integer between 1 and 10000, inclusive",
      });
    }
    await part(10_000, Buffer.from("last"));
  });

  it("is completed with its parts in order, each as it was uploaded", async () => {
    const [one, two] = [await part(1), await part(2, Buffer.from("end"))];
    await assert.rejects(complete([two, one]), { code: "InvalidPartOrder" });
    await assert.rejects(complete([one, one]), { code: "InvalidPartOrder" });
    await assert.rejects(complete([one, { ...two, PartNumber: 3 }]), { code: "InvalidPart" });
    await assert.rejects(complete([one, { ...two, ETag: one.ETag }]), { code: "InvalidPart" });
    await assert.rejects(complete([]), { code: "MalformedXML" });
    assert.match((await complete([one, two])).ETag ?? "", /-2"$/);
    assert.equal((await world.s3.headObject(call, at)).ContentLength, enough.length + 3);
  });

  it("is refused with a part too small that is not the last, and can be mended", async () => {
    const [small, end] = [await part(1, Buffer.from("small")), await part(2, Buffer.from("end"))];
    await assert.rejects(complete([small, end]), {
      code: "EntityTooSmall",
      more: { ProposedSize: "5", MinSizeAllowed: "5242880", PartNumber: "1", ETag: small.ETag?.replaceAll('"', "") },
    });
    await complete([await part(1), end]);
    assert.equal(await files(), 2);
  });

  it("is over once it was completed or aborted, whatever is sent then", async () => {
    const one = await part(1);
    await complete([one]);
    const gone = { code: "NoSuchUpload", statusCode: 404 };
    await assert.rejects(complete([one]), gone);
    await assert.rejects(abort(), gone);
    await assert.rejects(part(2), gone);
    UploadId = (await world.s3.createMultipartUpload(call, at)).UploadId ?? "";
    await part(1);
    await abort();
    await assert.rejects(part(2), gone);
    await assert.rejects(complete([one]), gone);
    await assert.rejects(world.s3.listParts(call, { ...at, UploadId }), gone);
    assert.equal(await files(), 1);
  });

  it("lists its parts by number, page after page", async () => {
    for (const number of [5, 1, 4, 2, 3]) await part(number, Buffer.from(String(number)));
    const pages: unknown[] = [];
    let marker: string | undefined;
    do {
      const page = await world.s3.listParts(call, { ...at, UploadId, MaxParts: 2, PartNumberMarker: marker });
      pages.push([page.Parts?.map(({ PartNumber }) => PartNumber), page.IsTruncated, page.NextPartNumberMarker]);
      marker = page.NextPartNumberMarker;
    } while (marker !== undefined);
    assert.deepEqual(pages, [
      [[1, 2], true, "2"],
      [[3, 4], true, "4"],
      [[5], false, undefined],
    ]);
    const all = await world.s3.listParts(call, { ...at, UploadId });
    assert.deepEqual([all.MaxParts, all.Parts?.length, all.IsTruncated], [1000, 5, false]);
  });

  it("is listed among the others by key and time, page after page", async () => {
    const open = async (Key: string) => (await world.s3.createMultipartUpload(call, { ...at, Key })).UploadId ?? "";
    const expected = [[at.Key, UploadId]];
    expected.push(["x", await open("x")], ["x", await open("x")], ["x/y", await open("x/y")]);
    const found: unknown[] = [];
    let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    do {
      const page = await world.s3.listMultipartUploads(call, { Bucket: at.Bucket, MaxUploads: 1, ...markers });
      found.push(...(page.Uploads ?? []).map(({ Key, UploadId: id }) => [Key, id]));
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    } while (markers.KeyMarker !== undefined);
    assert.deepEqual(found, expected);
    const { Uploads = [] } = await world.s3.listMultipartUploads(call, { Bucket: at.Bucket, KeyMarker: "x" });
    assert.deepEqual(
      Uploads.map(({ Key }) => Key),
      ["x/y"],
    );
  });

  it("is completed once by two who do it at the same time", async () => {
    const one = await part(1);
    const ends = await Promise.allSettled([complete([one]), complete([one])]);
    assert.deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.equal(await files(), 1);
  });

  it("keeps nothing of a part that ends after the upload was aborted", async () => {
    let finish = (): void => undefined;
    const aborted = new Promise<void>((resolve) => {
      finish = resolve;
    });
    async function* slowly() {
      yield Buffer.from("begins");
      await aborted;
      yield Buffer.from("ends");
    }
    const late = part(1, Readable.from(slowly()));
    await abort();
    finish();
    await assert.rejects(late, { code: "NoSuchUpload" });
    assert.equal(await files(), 0);
  });

  it("belongs to its key", async () => {
    const other = { ...at, Key: "other", UploadId, PartNumber: 1, Body: "x" };
    await assert.rejects(world.s3.uploadPart(call, other), { code: "NoSuchUpload" });
  });

  it("is completed only where nothing is yet, when that is asked", async () => {
    await world.s3.putObject(call, { ...at, Body: "there" });
    const one = await part(1);
    await assert.rejects(complete([one], { IfNoneMatch: "*" }), { code: "PreconditionFailed" });
    await complete([one]);
  });
});
