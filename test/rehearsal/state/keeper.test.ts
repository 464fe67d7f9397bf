import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeBlock, JournalFile, type JournalHandle } from "../../../rehearsal/state/journal-file";
import { JournalKeeper } from "../../../rehearsal/state/keeper";
import { AwsError } from "../../../rehearsal/world/aws-error";
import { administrator } from "../../../rehearsal/world/call";
import { Clock } from "../../../rehearsal/world/clock";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";

/** A disk in memory that can be full, and that is as slow as it is told. */
class Disk {
  readonly blocks: unknown[][] = [];
  room = Number.POSITIVE_INFINITY;
  syncs = 0;
  busy: Promise<void> = Promise.resolve();
  private unsynced: Buffer | undefined;

  readonly handle: JournalHandle = {
    write: (async (bytes: Buffer) => {
      await this.busy;
      if (bytes.length > this.room) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      this.unsynced = Buffer.from(bytes);
      return { bytesWritten: bytes.length, buffer: bytes };
    }) as unknown as JournalHandle["write"],
    datasync: async () => {
      this.syncs++;
      const { rows } = decodeBlock((this.unsynced ?? Buffer.alloc(0)).subarray(0, -1)) ?? { rows: [] };
      this.blocks.push(rows.map((row) => row.slice(1)));
    },
    truncate: async () => undefined,
    close: async () => undefined,
  };
}

describe("what a world puts", () => {
  const call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
  let folder: string;
  let disk: Disk;
  let keeper: JournalKeeper;
  let world: World;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "keeper-"));
    disk = new Disk();
    keeper = new JournalKeeper(new JournalFile(disk.handle, 0));
    world = new World({
      clock: new Clock({ kind: "manual" }, Date.UTC(2026, 0, 1)),
      folder,
      containers: new FakeContainers(),
      keeper,
    });
    keeper.attach(world);
  });
  afterEach(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  it("is safe as one when it is put in one turn, whatever is awaited on the way", async () => {
    keeper.put("c", "1", "a");
    await Promise.resolve();
    keeper.put("c", "2", "b");
    keeper.remove("c", "1");
    await keeper.flushed();
    assert.deepEqual(disk.blocks, [[["1", "a"], ["2", "b"], ["1"]]]);
  });

  it("shares one sync, of all who wait", async () => {
    let go: () => void = () => {};
    disk.busy = new Promise((resolve) => {
      go = resolve;
    });
    keeper.put("c", "0", 0);
    const first = keeper.flushed();
    await new Promise((resolve) => setImmediate(resolve));
    const others = Array.from({ length: 50 }, async (_, index) => {
      keeper.put("c", String(index + 1), index);
      await keeper.flushed();
    });
    go();
    await Promise.all([first, ...others]);
    assert.equal(disk.syncs, 2);
  });

  it("is not safe before it is on the disk", async () => {
    let go: () => void = () => {};
    disk.busy = new Promise((resolve) => {
      go = resolve;
    });
    keeper.put("c", "1", 1);
    let isSafe = false;
    const waiting = keeper.flushed().then(() => {
      isSafe = true;
    });
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isSafe, false);
    go();
    await waiting;
    assert.equal(disk.blocks.length, 1);
  });

  it("waits while something is held, and is then safe together with what came last", async () => {
    const release = keeper.hold();
    keeper.put("c", "result", 1);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(disk.blocks, []);
    keeper.put("c", "end", 2);
    release();
    release();
    await keeper.flushed();
    assert.deepEqual(disk.blocks, [
      [
        ["result", 1],
        ["end", 2],
      ],
    ]);
  });

  it("is refused to callers in AWS's words while the disk is full, and is safe once there is room", async () => {
    disk.room = 10;
    await world.sns.createTopic(call, { Name: "told" });
    const refused = (cause: unknown) => {
      assert.ok(cause instanceof AwsError);
      assert.deepEqual([cause.code, cause.statusCode, cause.fault], ["ServiceUnavailable", 503, "Receiver"]);
      assert.match(cause.message, /no space is left/);
      return true;
    };
    await assert.rejects(keeper.flushed(), refused);
    await assert.rejects(keeper.ready(), refused);
    disk.room = 100_000;
    await keeper.ready();
    const rows = disk.blocks.flat() as unknown[][];
    assert.deepEqual(
      rows.map(([key]) => key),
      Array.from({ length: rows.length }, () => "arn:aws:sns:eu-west-1:123456789012:told"),
    );
    assert.deepEqual(await keeper.safe(), true);
  });

  it("is refused to callers while something that takes longer than a call is put as one", async () => {
    const release = keeper.occupy("a stack is being deployed");
    keeper.put("c", "1", 1);
    const refused = { name: "ServiceUnavailable", message: "a stack is being deployed" };
    await assert.rejects(keeper.ready(), refused);
    await assert.rejects(keeper.flushed(), refused);
    keeper.put("c", "2", 2);
    release();
    await keeper.ready();
    await keeper.flushed();
    assert.deepEqual(disk.blocks, [
      [
        ["1", 1],
        ["2", 2],
      ],
    ]);
  });

  it("is waited for by what goes on inside until there is room, or the world ends", async () => {
    disk.room = 0;
    keeper.put("c", "1", 1);
    const waiting = keeper.safe();
    await new Promise((resolve) => setImmediate(resolve));
    disk.room = 1000;
    assert.equal(await waiting, true);
    disk.room = 0;
    keeper.put("c", "2", 2);
    const forlorn = keeper.safe();
    keeper.abandon();
    assert.equal(await forlorn, false);
  });
});
