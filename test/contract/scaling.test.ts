import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../contract/errors";
import { requestTtlSeconds } from "../../contract/limits";
import { metrics } from "../../contract/metrics";
import { assumedInstanceStartSeconds, expectedWakeSeconds, scalingNumbers, scalingPlan } from "../../contract/scaling";
import { scalingTimeline } from "../../contract/scaling-timeline";
import { parseSettings, type RegionSettings } from "../../contract/settings";

type Scaling = RegionSettings["scaling"];

const cooldown = fc.integer({ min: 0, max: 86_400 });
const wake = fc.record({
  instances: fc.integer({ min: 1, max: 1000 }),
  minutes: fc.integer({ min: 1, max: 60 }),
  cooldownSeconds: cooldown,
});
const scaleIn: fc.Arbitrary<Scaling["scaleIn"]> = fc.oneof(
  fc.record({ kind: fc.constant("whenIdle" as const), minutes: fc.integer({ min: 1, max: 1440 }) }),
  fc.constant({ kind: "withBacklog" as const }),
);

/** Scaling settings, each in its range; whether they agree is another question. */
const scaling: fc.Arbitrary<Scaling> = fc.record({
  min: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1000 })),
  max: fc.integer({ min: 1, max: 1000 }),
  backlogPerInstance: fc.double({ min: 0.1, max: 10_000, noNaN: true }),
  scaleOutCooldownSeconds: cooldown,
  scaleInCooldownSeconds: cooldown,
  wake: fc.oneof(fc.constant(false as const), wake),
  scaleIn,
  schedule: fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      cron: fc.constant("0 8 ? * MON-FRI *"),
      timezone: fc.constantFrom("UTC", "Europe/Dublin"),
      min: fc.integer({ min: 0, max: 1000 }),
      max: fc.integer({ min: 1, max: 1000 }),
    }),
    { maxLength: 2, selector: ({ name }) => name },
  ),
});

const defaults: Scaling = {
  min: 0,
  max: 2,
  backlogPerInstance: 5,
  scaleOutCooldownSeconds: 60,
  scaleInCooldownSeconds: 300,
  wake: { instances: 1, minutes: 1, cooldownSeconds: 300 },
  scaleIn: { kind: "whenIdle", minutes: 10 },
  schedule: [],
};
const fewest = ({ min, schedule }: Scaling): number => Math.min(min, ...schedule.map((each) => each.min ?? min));

describe("a scaling plan", () => {
  it("of the defaults wakes one instance after a minute and goes back after ten idle ones", () => {
    assert.deepEqual(scalingPlan(defaults), {
      minInstances: 0,
      maxInstances: 2,
      fewestInstances: 0,
      mostInstances: 2,
      wake: {
        alarm: {
          metric: "HasBacklogWithoutCapacity",
          statistic: "Average",
          comparison: "GreaterThanOrEqualToThreshold",
          threshold: 1,
          minutes: 1,
        },
        addInstances: 1,
        cooldownSeconds: 300,
      },
      backlog: {
        metric: "ApproximateBacklogSizePerInstance",
        targetValue: 5,
        scaleOutCooldownSeconds: 60,
        scaleInCooldownSeconds: 300,
        disableScaleIn: true,
      },
      idle: {
        alarm: {
          metric: "ApproximateBacklogSize",
          statistic: "Maximum",
          comparison: "LessThanThreshold",
          threshold: 1,
          minutes: 10,
        },
        toInstances: 0,
        cooldownSeconds: 300,
      },
      schedule: [],
    });
  });

  it("keeps the range and the target it was given", () => {
    fc.assert(
      fc.property(scaling, (settings) => {
        const { minInstances, maxInstances, backlog } = scalingPlan(settings);
        assert.deepEqual(
          [minInstances, maxInstances, backlog.targetValue],
          [settings.min, settings.max, settings.backlogPerInstance],
        );
        assert.deepEqual(
          [backlog.scaleOutCooldownSeconds, backlog.scaleInCooldownSeconds],
          [settings.scaleOutCooldownSeconds, settings.scaleInCooldownSeconds],
        );
      }),
    );
  });

  it("has a step away from zero exactly when it can be at zero and is not forbidden to wake", () => {
    fc.assert(
      fc.property(scaling, (settings) => {
        const plan = scalingPlan(settings);
        if (fewest(settings) > 0 || settings.wake === false) assert.equal("wake" in plan, false);
        else {
          assert.deepEqual(
            [plan.wake?.alarm.minutes, plan.wake?.addInstances, plan.wake?.cooldownSeconds],
            [settings.wake.minutes, settings.wake.instances, settings.wake.cooldownSeconds],
          );
        }
      }),
    );
  });

  it("lets exactly one of idleness and the backlog take instances away", () => {
    fc.assert(
      fc.property(scaling, (settings) => {
        const { idle, backlog } = scalingPlan(settings);
        assert.equal(backlog.disableScaleIn, idle !== undefined);
        assert.equal(idle?.alarm.minutes, settings.scaleIn.kind === "whenIdle" ? settings.scaleIn.minutes : undefined);
        if (idle !== undefined) assert.equal(idle.cooldownSeconds, settings.scaleInCooldownSeconds);
      }),
    );
  });

  it("goes by metrics that SageMaker publishes for the endpoint as a whole", () => {
    fc.assert(
      fc.property(scaling, (settings) => {
        const { wake: step, backlog, idle } = scalingPlan(settings);
        for (const name of [step?.alarm.metric, backlog.metric, idle?.alarm.metric]) {
          if (name === undefined) continue;
          assert.deepEqual(metrics[name].dimensions, ["EndpointName"]);
          assert.equal(metrics[name].namespace, "AWS/SageMaker");
        }
      }),
    );
  });

  it("asks no alarm to look back further than CloudWatch can, which is a day", () => {
    fc.assert(
      fc.property(scaling, (settings) => {
        const { wake: step, idle } = scalingPlan(settings);
        assert.ok((step?.alarm.minutes ?? 1) * 60 <= 86_400);
        assert.ok((idle?.alarm.minutes ?? 1) * 60 <= 86_400);
      }),
    );
  });
});

describe("the expected time to wake", () => {
  it("of the defaults is seven minutes", () => {
    assert.equal(expectedWakeSeconds(scalingPlan(defaults)), 420);
  });

  it("is nothing while instances are always there, and never less than an instance's start otherwise", () => {
    fc.assert(
      fc.property(scaling, (settings) => {
        const seconds = expectedWakeSeconds(scalingPlan(settings));
        if (fewest(settings) > 0) assert.equal(seconds, 0);
        else {
          const minutes = settings.wake === false ? 1 : settings.wake.minutes;
          assert.equal(seconds, assumedInstanceStartSeconds + 60 * (minutes + 1));
        }
      }),
    );
  });

  it("grows by a minute with every datapoint waited for, and with nothing else", () => {
    fc.assert(
      fc.property(scaling, wake, (settings, step) => {
        fc.pre(step.minutes < 60);
        const seconds = (minutes: number, more: Partial<Scaling> = {}): number =>
          expectedWakeSeconds(scalingPlan({ ...settings, min: 0, ...more, wake: { ...step, minutes } }));
        assert.equal(seconds(step.minutes + 1) - seconds(step.minutes), 60);
        assert.equal(seconds(step.minutes, { max: 1, scaleIn: { kind: "withBacklog" } }), seconds(step.minutes));
      }),
    );
  });

  it("is covered by the time to live of every fleet whose settings are accepted", () => {
    const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:1";
    const requests = fc.record({
      timeToLiveSeconds: fc.integer(requestTtlSeconds),
      invocationTimeoutSeconds: fc.integer({ min: 1, max: 3600 }),
    });
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(scaling, requests, (any, asked) => {
        const wished = { ...any, schedule: [] };
        const settings = parsed({ regions: ["eu-west-1"], model: { image }, scaling: wished, requests: asked });
        const needed = expectedWakeSeconds(scalingPlan(wished)) + asked.invocationTimeoutSeconds;
        if (settings === undefined) {
          refused++;
          const { min, max, wake: step } = wished;
          const disagrees = max < min || (step === false ? min === 0 : step.instances > max);
          assert.ok(disagrees || asked.timeToLiveSeconds < needed);
        } else {
          accepted++;
          assert.ok(asked.timeToLiveSeconds >= needed);
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(accepted > 20 && refused > 20, `${accepted} accepted, ${refused} refused`);
  });
});

describe("the numbers of a plan", () => {
  it("of the defaults are two minutes to notice, seven to wake, nine to grow and eleven paid for idle", () => {
    assert.deepEqual(scalingNumbers(scalingPlan(defaults)), {
      detectionSeconds: 120,
      wakeSeconds: 420,
      growSeconds: 540,
      idleSeconds: 660,
    });
  });

  it("take the schedule's nights into account: where one reaches zero, waking takes its time", () => {
    const night = { name: "night", cron: "0 20 * * ? *", timezone: "UTC", min: 0, max: 2 };
    const plan = scalingPlan({ ...defaults, min: 1, schedule: [night] });
    assert.deepEqual([plan.minInstances, plan.fewestInstances, plan.idle?.toInstances], [1, 0, 0]);
    assert.equal(scalingNumbers(plan).wakeSeconds, 420);
  });

  it("are drawn as one request's life, a column a minute", () => {
    assert.equal(
      scalingTimeline(scalingPlan(defaults), 3),
      [
        "minute             0    5    10   15   20   25",
        "not seen yet       ##",
        "instance starting    #####",
        "at work                   ###",
        "idle                         ###########",
        "paid for             ###################",
      ].join("\n"),
    );
    assert.equal(
      scalingTimeline(scalingPlan({ ...defaults, min: 1, scaleIn: { kind: "withBacklog" } }), 3),
      [
        "minute    0    5    10   15   20",
        "at work   ###",
        "idle         ################",
        "paid for  ###################…",
      ].join("\n"),
    );
  });
});

function parsed(raw: Record<string, unknown>): RegionSettings | undefined {
  try {
    return parseSettings(raw, { stack: "test" }).region["eu-west-1"];
  } catch (cause) {
    if (cause instanceof UsageError) return undefined;
    throw cause;
  }
}
