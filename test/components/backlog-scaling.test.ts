import assert from "node:assert/strict";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type RecordedResource, recordProgram } from "../../check/record-program";
import { plausibleAws } from "../../check/stand-in";
import { BacklogScaling } from "../../components/backlog-scaling";
import type { RegionContext } from "../../components/context";
import { metricPeriodSeconds } from "../../contract/limits";
import { assumedInstanceStartSeconds, type ScalingPlan, scalingNumbers, scalingPlan } from "../../contract/scaling";
import { parseSettings } from "../../contract/settings";

const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:1";

function planned(scaling: object): { context: RegionContext; plan: ScalingPlan } {
  const { region } = parseSettings({ regions: ["eu-west-1"], model: { image }, scaling }, { stack: "test" });
  const settings = region["eu-west-1"] ?? assert.fail();
  const context = {
    project: "p",
    stack: "s",
    region: "eu-west-1",
    accountId: "123456789012",
    settings,
    tags: { team: "us" },
  };
  return { context, plan: scalingPlan(settings.scaling) };
}

async function deployed({ context, plan }: { context: RegionContext; plan: ScalingPlan }) {
  const { resources } = await recordProgram({
    rootDir: resolve(__dirname, "../.."),
    stack: "dev",
    stand: plausibleAws,
    program: async () => {
      const scaledType = new pulumi.ComponentResource("test:index:ScaledType", "type");
      new BacklogScaling("scaling", { context, plan, endpoint: undefined as never, scaledType });
      return {};
    },
  });
  return (name: string): RecordedResource["inputs"] | undefined =>
    resources.find((each) => each.custom && each.name === name)?.inputs;
}

const plans: Array<[string, object]> = [
  ["the defaults", {}],
  [
    "a slow wake and a long idle time",
    { wake: { minutes: 3, instances: 2 }, max: 4, scaleIn: { kind: "whenIdle", minutes: 45 } },
  ],
  ["the backlog down", { scaleIn: { kind: "withBacklog" }, backlogPerInstance: 2.5, max: 9 }],
  ["an instance always there", { min: 1, max: 3 }],
];

/** One value drives both what is deployed and what people are told: here they are held against each other. */
describe("a deployed scaling plan", () => {
  for (const [what, scaling] of plans) {
    it(`of ${what} acts at the thresholds that its numbers are computed from`, async () => {
      const one = planned(scaling);
      const { plan } = one;
      const inputs = await deployed(one);
      const numbers = scalingNumbers(plan);
      const target = inputs("scaling");
      assert.deepEqual([target?.minCapacity, target?.maxCapacity], [plan.minInstances, plan.maxInstances]);
      const wake = inputs("scaling-wake-alarm");
      assert.equal(wake === undefined, plan.wake === undefined);
      if (wake !== undefined) {
        assert.deepEqual([wake.metricName, wake.threshold], [plan.wake?.alarm.metric, plan.wake?.alarm.threshold]);
        const seconds = Number(wake.period) * (Number(wake.evaluationPeriods) + 1);
        assert.equal(seconds, numbers.detectionSeconds);
        assert.equal(seconds + assumedInstanceStartSeconds, numbers.wakeSeconds);
      } else assert.equal(numbers.wakeSeconds, 0);
      const idle = inputs("scaling-idle-alarm");
      assert.equal(idle === undefined, plan.idle === undefined);
      if (idle !== undefined) {
        assert.deepEqual([idle.metricName, idle.threshold], [plan.idle?.alarm.metric, plan.idle?.alarm.threshold]);
        assert.equal(Number(idle.period) * (Number(idle.evaluationPeriods) + 1), numbers.idleSeconds);
      } else assert.equal(numbers.idleSeconds, metricPeriodSeconds * 16);
      const tracking = inputs("scaling-backlog")?.targetTrackingScalingPolicyConfiguration as Record<string, unknown>;
      assert.deepEqual(
        [tracking.targetValue, tracking.disableScaleIn],
        [plan.backlog.targetValue, plan.backlog.disableScaleIn],
      );
    });
  }

  it("moves its bounds by the clock, in the time zone of its people, and lets idleness go down to the night's", async () => {
    const inputs = await deployed(
      planned({
        min: 1,
        max: 4,
        schedule: [
          { name: "day", cron: "0 8 ? * MON-FRI *", timezone: "Europe/Dublin", min: 2 },
          { name: "launch", at: "2026-12-24T18:00:00", max: 8 },
          { name: "night", cron: "0 18 ? * MON-FRI *", timezone: "Europe/Dublin", min: 0, max: 4 },
        ],
      }),
    );
    const shown = ["day", "launch", "night"].map((name) => {
      const action = inputs(`scaling-at-${name}`);
      return [action?.name, action?.schedule, action?.timezone, action?.scalableTargetAction];
    });
    assert.deepEqual(shown, [
      ["p-s-day", "cron(0 8 ? * MON-FRI *)", "Europe/Dublin", { minCapacity: 2 }],
      ["p-s-launch", "at(2026-12-24T18:00:00)", "UTC", { maxCapacity: 8 }],
      ["p-s-night", "cron(0 18 ? * MON-FRI *)", "Europe/Dublin", { minCapacity: 0, maxCapacity: 4 }],
    ]);
    const idle = inputs("scaling-idle")?.stepScalingPolicyConfiguration as { stepAdjustments: object[] };
    assert.deepEqual(idle.stepAdjustments, [{ metricIntervalUpperBound: "0", scalingAdjustment: 0 }]);
    assert.notEqual(inputs("scaling-wake-alarm"), undefined);
  });
});
