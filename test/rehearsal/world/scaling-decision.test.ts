import assert from "node:assert/strict";
import {
  decide,
  type Memory,
  type Situation,
  type Wish,
} from "../../../rehearsal/world/application-auto-scaling/decision";
import { dueBetween, parseSchedule } from "../../../rehearsal/world/application-auto-scaling/schedule";
import { AwsError } from "../../../rehearsal/world/aws-error";

const wish = (policyName: string, capacity: Wish["capacity"]): Wish => ({
  policyName,
  alarmName: `alarm of ${policyName}`,
  capacity,
  cooldownOutSeconds: 300,
  cooldownInSeconds: 300,
});
const by =
  (change: number): Wish["capacity"] =>
  (base) =>
    base + change;
const at = (desired: number, memory: Memory = {}, nowSeconds = 1000): Situation => ({
  nowMs: nowSeconds * 1000,
  desired,
  min: 0,
  max: 10,
  memory,
  scaleOutSuspended: false,
  scaleInSuspended: false,
});

describe("what scaling policies ask for together", () => {
  it("is decided by the largest capacity, out and in", () => {
    const out = decide([wish("small", by(1)), wish("large", by(3))], at(2));
    assert.deepEqual([out?.goal, out?.by.policyName], [5, "large"]);
    const down = decide([wish("zero", () => 0), wish("half", () => 4)], at(8));
    assert.deepEqual([down?.goal, down?.by.policyName], [4, "half"]);
    assert.equal(decide([wish("zero", () => 0), wish("grow", by(1))], at(2))?.goal, 3);
  });

  it("stays within the target's bounds, and is nothing where they are reached", () => {
    assert.equal(decide([wish("far", () => 99)], at(2))?.goal, 10);
    assert.equal(decide([wish("far", () => 99)], at(10)), undefined);
    assert.equal(decide([wish("exact", () => 0)], { ...at(3), min: 2 })?.goal, 2);
  });

  it("within the cooldown of a step out counts what was added, so that only a larger step adds the rest", () => {
    const memory = { out: { atMs: 900_000, added: 2, cooldownSeconds: 300 } };
    assert.equal(decide([wish("same", by(2))], at(2, memory)), undefined);
    const larger = decide([wish("larger", by(3))], at(2, memory));
    assert.equal(larger?.goal, 3);
    assert.deepEqual(larger?.memory.out, { atMs: 1_000_000, added: 3, cooldownSeconds: 300 });
    assert.equal(decide([wish("same", by(2))], at(2, memory, 1200))?.goal, 4);
  });

  it("takes nothing away within the cooldown of a step in, while a step out acts and ends it", () => {
    const memory = { in: { atMs: 900_000, cooldownSeconds: 300 } };
    assert.equal(decide([wish("zero", () => 0)], at(2, memory)), undefined);
    assert.deepEqual(decide([wish("grow", by(1))], at(2, memory))?.memory, {
      out: { atMs: 1_000_000, added: 1, cooldownSeconds: 300 },
    });
    assert.equal(decide([wish("zero", () => 0)], at(2, memory, 1200))?.goal, 0);
  });

  it("takes nothing away within the cooldown of a step out", () => {
    const memory = { out: { atMs: 900_000, added: 1, cooldownSeconds: 300 } };
    assert.equal(decide([wish("zero", () => 0)], at(1, memory)), undefined);
  });

  it("does nothing in a direction that is suspended", () => {
    assert.equal(decide([wish("grow", by(1))], { ...at(1), scaleOutSuspended: true }), undefined);
    assert.equal(decide([wish("zero", () => 0)], { ...at(1), scaleInSuspended: true }), undefined);
  });
});

describe("a schedule", () => {
  const due = (schedule: string, zone: string, iso: string): boolean => {
    const toMs = Date.parse(iso);
    return dueBetween(parseSchedule(schedule, zone), toMs - 60_000, toMs);
  };

  const rows: Array<[string, string, string, boolean]> = [
    ["cron(0 8 ? * MON-FRI *)", "UTC", "2026-01-05T08:00:00Z", true],
    ["cron(0 8 ? * MON-FRI *)", "UTC", "2026-01-05T08:01:00Z", false],
    ["cron(0 8 ? * MON-FRI *)", "UTC", "2026-01-04T08:00:00Z", false],
    ["cron(0 8 ? * 2-6 *)", "Europe/Dublin", "2026-01-05T08:00:00Z", true],
    ["cron(0 8 ? * 2-6 *)", "Europe/Dublin", "2026-07-06T07:00:00Z", true],
    ["cron(0 8 ? * 2-6 *)", "Europe/Dublin", "2026-07-06T08:00:00Z", false],
    ["cron(0 0 1 * ? *)", "Asia/Tokyo", "2026-01-31T15:00:00Z", true],
    ["cron(0/15 9-17 * * ? 2026)", "UTC", "2026-03-03T17:45:00Z", true],
    ["cron(0/15 9-17 * * ? 2026)", "UTC", "2026-03-03T17:50:00Z", false],
    ["cron(0/15 9-17 * * ? 2026)", "UTC", "2027-03-03T17:45:00Z", false],
    // New York's clocks go from 02:00 to 03:00 that day: half past two does not come.
    ["cron(30 2 * * ? *)", "America/New_York", "2026-03-08T07:30:00Z", false],
    ["at(2026-12-24T18:00:00)", "Europe/Dublin", "2026-12-24T18:00:00Z", true],
    ["at(2026-07-01T18:00:00)", "America/New_York", "2026-07-01T22:00:00Z", true],
    ["rate(5 minutes)", "UTC", "2026-01-01T00:05:00Z", true],
    ["rate(5 minutes)", "UTC", "2026-01-01T00:06:00Z", false],
  ];
  for (const [schedule, zone, iso, expected] of rows) {
    it(`${schedule} of ${zone} is ${expected ? "" : "not "}due at ${iso}`, () => {
      assert.equal(due(schedule, zone, iso), expected);
    });
  }

  for (const [schedule, zone] of [
    ["cron(0 8 * * MON-FRI *)", "UTC"],
    ["cron(60 8 ? * MON-FRI *)", "UTC"],
    ["cron(0 8 ? * FUN *)", "UTC"],
    ["cron(0 8 ? * MON-FRI)", "UTC"],
    ["at(tomorrow)", "UTC"],
    ["rate(0 minutes)", "UTC"],
    ["cron(0 8 ? * MON-FRI *)", "Europe/Atlantis"],
  ] as const) {
    it(`${schedule} of ${zone} is refused`, () => {
      assert.throws(
        () => parseSchedule(schedule, zone),
        (cause) => cause instanceof AwsError && cause.code === "ValidationException",
      );
    });
  }
});
