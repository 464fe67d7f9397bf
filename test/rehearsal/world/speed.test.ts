import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../contract/errors";
import { administrator, type Call } from "../../../rehearsal/world/call";
import { Clock } from "../../../rehearsal/world/clock";
import { clockModeFor } from "../../../rehearsal/world/speed";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";
import { FakeWall } from "../../support/fake-wall";

describe("the speed of a rehearsal", () => {
  it("is fast, real or a number", () => {
    assert.deepEqual(
      ["fast", "real", "60", "0.5", 3600].map((said) => clockModeFor(said, "--speed")),
      [
        { kind: "fast-forward" },
        { kind: "paced", speed: 1 },
        { kind: "paced", speed: 60 },
        { kind: "paced", speed: 0.5 },
        { kind: "paced", speed: 3600 },
      ],
    );
  });

  for (const said of ["0", "-1", "quick", "1e3", "", "Infinity", "100001", Number.NaN]) {
    it(`is not ${JSON.stringify(said)}`, () => {
      assert.throws(
        () => clockModeFor(said, "--speed"),
        (cause: Error) => cause instanceof UsageError && cause.problems[0]?.code === "ASY-585",
      );
    });
  }

  it("lets so many virtual seconds pass in one of the wall clock's, whoever waits and whoever works", async () => {
    const wall = new FakeWall();
    const clock = new Clock({ kind: "paced", speed: 60 }, 0, wall);
    const fired: number[] = [];
    for (const minutes of [1, 2, 3]) clock.after(minutes * 60_000, () => void fired.push(minutes));
    const release = clock.demand();
    const letGo = clock.hold();
    await wall.pass(999);
    assert.deepEqual([fired, clock.now()], [[], 59_940]);
    await wall.pass(1);
    assert.deepEqual(fired, [1]);
    await wall.pass(2000);
    assert.deepEqual([fired, clock.now()], [[1, 2, 3], 180_000]);
    letGo();
    release();
    clock.close();
  });

  it("keeps the wall clock's pace when it is real, and jumps when it is fast", async () => {
    const wall = new FakeWall();
    const real = new Clock(clockModeFor("real", "speed"), 0, wall);
    const slept = real.sleep(3_600_000);
    let isAwake = false;
    void slept.then(() => {
      isAwake = true;
    });
    await wall.pass(3_599_999);
    assert.equal(isAwake, false);
    await wall.pass(1);
    assert.equal(isAwake, true);
    real.close();
    const fast = new Clock({ kind: "fast-forward", quietMs: 0 }, 0, wall);
    await fast.sleep(3_600_000);
    assert.equal(fast.now(), 3_600_000);
    fast.close();
  });

  it("holds a long poll for as long as it asks, at the pace, and answers it the moment a message comes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "speed-"));
    const wall = new FakeWall();
    const world = new World({
      clock: new Clock({ kind: "paced", speed: 10 }, 0, wall),
      folder,
      containers: new FakeContainers(),
    });
    const call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
    const { QueueUrl } = await world.sqs.createQueue(call, { QueueName: "q" });
    const poll = () => {
      const state: { messages?: number } = {};
      void world.sqs.receiveMessage(call, { QueueUrl, WaitTimeSeconds: 20 }).then(({ Messages = [] }) => {
        state.messages = Messages.length;
      });
      return state;
    };
    const empty = poll();
    await wall.pass(1900);
    assert.equal(empty.messages, undefined);
    await wall.pass(200);
    assert.equal(empty.messages, 0);
    const answered = poll();
    await wall.pass(500);
    await world.sqs.sendMessage(call, { QueueUrl, MessageBody: "m" });
    await wall.pass(0);
    assert.equal(answered.messages, 1);
    await world.close();
    await rm(folder, { recursive: true });
  });
});
