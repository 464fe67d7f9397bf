import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { administrator, type Call } from "../../../../rehearsal/world/call";
import { Clock } from "../../../../rehearsal/world/clock";
import { Ids } from "../../../../rehearsal/world/ids";
import { World } from "../../../../rehearsal/world/world";
import { FakeContainers } from "../../../support/fake-containers";

const call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
const Bucket = "payloads";

/** After the S3 user guide, "Retaining multiple versions of objects with S3 Versioning". */
describe("a bucket's versions", () => {
  let folder: string;
  let world: World;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "versions-"));
    const clock = new Clock({ kind: "manual" }, Date.UTC(2026, 0, 1));
    world = new World({ clock, folder, containers: new FakeContainers(), ids: Ids.seeded(3) });
    await world.s3.createBucket(call, { Bucket });
  });
  afterEach(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const keep = (Status: "Enabled" | "Suspended") =>
    world.s3.putBucketVersioning(call, { Bucket, VersioningConfiguration: { Status } });
  const put = async (body: string, Key = "a") =>
    (await world.s3.putObject(call, { Bucket, Key, Body: Buffer.from(body) as never })).VersionId;
  const get = async (VersionId?: string, Key = "a") => {
    const { Body } = await world.s3.getObject(call, { Bucket, Key, VersionId });
    const chunks: Buffer[] = [];
    for await (const chunk of Body as Readable) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  };
  const remove = (VersionId?: string, Key = "a") => world.s3.deleteObject(call, { Bucket, Key, VersionId });
  const onDisk = async () => (await readdir(join(folder, "s3"))).length;

  it("are not kept by default: what is overwritten or deleted is gone", async () => {
    assert.equal(await put("one"), undefined);
    await put("two");
    assert.equal(await get(), "two");
    assert.equal(await onDisk(), 1);
    assert.deepEqual(await remove(), {});
    assert.equal(await onDisk(), 0);
    await world.s3.deleteBucket(call, { Bucket });
  });

  it("are kept once that is enabled, each under its id", async () => {
    await keep("Enabled");
    const [one, two] = [await put("one"), await put("two")];
    assert.deepEqual([await get(), await get(one), await get(two)], ["two", "one", "two"]);
    const { Versions = [] } = await world.s3.listObjectVersions(call, { Bucket });
    assert.deepEqual(
      Versions.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
      [
        [two, true],
        [one, false],
      ],
    );
  });

  it("are hidden by a delete behind a marker, and come back when the marker is deleted", async () => {
    await keep("Enabled");
    await put("one");
    const { DeleteMarker, VersionId } = await remove();
    assert.equal(DeleteMarker, true);
    await assert.rejects(get(), { code: "NoSuchKey" });
    await assert.rejects(get(VersionId), { code: "MethodNotAllowed" });
    assert.deepEqual((await world.s3.listObjectsV2(call, { Bucket })).KeyCount, 0);
    const { DeleteMarkers = [] } = await world.s3.listObjectVersions(call, { Bucket });
    assert.deepEqual(
      DeleteMarkers.map(({ VersionId: id, IsLatest }) => [id, IsLatest]),
      [[VersionId, true]],
    );
    await remove(VersionId);
    assert.equal(await get(), "one");
  });

  it("fall back to the one before when the newest is deleted for good", async () => {
    await keep("Enabled");
    await put("one");
    const two = await put("two");
    await remove(two);
    assert.equal(await get(), "one");
    await assert.rejects(get(two), { code: "NoSuchVersion" });
    assert.equal(await onDisk(), 1);
  });

  it("keep what was there before under null, and only overwrite null while suspended", async () => {
    await put("before");
    await keep("Enabled");
    const one = await put("one");
    assert.equal(await get("null"), "before");
    await keep("Suspended");
    assert.equal(await put("after"), undefined);
    assert.deepEqual([await get(), await get("null"), await get(one)], ["after", "after", "one"]);
    assert.equal(await onDisk(), 2);
  });

  it("hold the bucket until the last of them and the last marker is deleted", async () => {
    await keep("Enabled");
    await put("one");
    await remove();
    await assert.rejects(world.s3.deleteBucket(call, { Bucket }), { code: "BucketNotEmpty" });
    const { Versions = [], DeleteMarkers = [] } = await world.s3.listObjectVersions(call, { Bucket });
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    await world.s3.deleteObjects(call, { Bucket, Delete: { Objects } });
    assert.equal(await onDisk(), 0);
    await world.s3.deleteBucket(call, { Bucket });
  });

  it("are listed in pages that part no key", async () => {
    await keep("Enabled");
    for (const key of ["a", "b", "c"]) for (const body of ["one", "two"]) await put(body, key);
    const keys: string[][] = [];
    let KeyMarker: string | undefined;
    do {
      const page = await world.s3.listObjectVersions(call, { Bucket, MaxKeys: 3, KeyMarker });
      keys.push((page.Versions ?? []).map(({ Key }) => Key ?? ""));
      KeyMarker = page.NextKeyMarker;
    } while (KeyMarker !== undefined);
    assert.deepEqual(keys, [
      ["a", "a", "b", "b"],
      ["c", "c"],
    ]);
  });

  it("are each their own right to read and to delete", async () => {
    await keep("Enabled");
    const one = await put("one");
    await world.iam.createUser(call, { UserName: "caller" });
    await world.iam.putUserPolicy(call, {
      UserName: "caller",
      PolicyName: "reads",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: ["s3:GetObject", "s3:DeleteObject"], Resource: "*" }],
      }),
    });
    const caller: Call = { ...call, principal: { kind: "user", userArn: "arn:aws:iam::123456789012:user/caller" } };
    const version = { Bucket, Key: "a", VersionId: one };
    await assert.rejects(world.s3.getObject(caller, version), { message: /perform: s3:GetObjectVersion on/ });
    await assert.rejects(world.s3.deleteObject(caller, version), { message: /perform: s3:DeleteObjectVersion on/ });
    await world.s3.deleteObject(caller, { Bucket, Key: "a" });
    assert.equal(await get(one), "one");
  });
});
