import { but, configurationDeclaring } from "../../support/hand-written";
import {
  idleAlarm,
  realTimeStack,
  stackWith,
  stackWithEach,
  stackWithout,
  tracking,
  wholeStack,
} from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const following = (change: object) => [...stackWithout("tracking"), tracking(change)];
const declaring = (seconds: string) => {
  const { tags } = configurationDeclaring("async-fleet:invocation-timeout-seconds", seconds).props as { tags: object };
  return stackWith("settings", { tags });
};
const removing = (...adjustments: number[]) =>
  stackWith("idle", {
    stepScalingPolicyConfiguration: {
      adjustmentType: "ChangeInCapacity",
      stepAdjustments: adjustments.map((scalingAdjustment) => ({ scalingAdjustment })),
    },
  });
const idleBelow = (change: object) => stackWith("idle-alarm", change);

judgesStack("scale-in-spares-running-requests", [
  ["a cooldown as long as an invocation", wholeStack, "complies"],
  [
    "a second less",
    following({ scaleInCooldown: 899 }),
    /^e in eu-west-1: tracking may take an instance every 899 seconds while an invocation may take 900\.$/,
  ],
  ["AWS's own cooldown", following({ scaleInCooldown: undefined }), /every 300 seconds/],
  ["no scaling in", following({ scaleInCooldown: 0, disableScaleIn: true }), "complies"],
  ["a longer invocation", declaring("901"), /every 900 seconds while an invocation may take 901/],
  ["no declaration", stackWith("settings", { tags: {} }), "complies"],
  ["a longer invocation by parameter", wholeStack, /an invocation may take 901/, { longestSeconds: 901 }],
  ["a shorter one by parameter", following({ scaleInCooldown: 600 }), "complies", { longestSeconds: 600 }],
  ["a step in while one request is left", idleBelow({ threshold: 2 }), /idle may take an instance every 300/],
  ["a step in at one request", idleBelow({ comparisonOperator: "LessThanOrEqualToThreshold" }), /idle may take/],
  ["a step in on a metric of queued work alone", idleBelow({ metricName: "CPUUtilization" }), /idle may take/],
  ["an unknown cooldown", following({ scaleInCooldown: unknown }), "unknown"],
  [
    "an unknown cooldown before a step in too early",
    [tracking({ scaleInCooldown: unknown }), ...idleBelow({ threshold: 2 }).filter(({ name }) => name !== "tracking")],
    /idle may take/,
  ],
  ["a step in below half a request", idleBelow({ threshold: 0.5 }), "complies"],
  [
    "a step in at no request",
    idleBelow({ comparisonOperator: "LessThanOrEqualToThreshold", threshold: 0 }),
    "complies",
  ],
  [
    "a step in that no alarm of the stack fires",
    removing(-1).filter(({ name }) => name !== "idle-alarm"),
    /idle may take an instance every 300 seconds/,
  ],
  ["one instance less when idle", removing(-1), "complies"],
  ["steps in and out", [...removing(-1, 1).filter(({ name }) => name !== "idle-alarm")], /idle may take/],
  ["a step out", removing(1).filter(({ name }) => name !== "idle-alarm"), "complies"],
  [
    "a step in when idle and at another time",
    [...wholeStack, but({ ...idleAlarm, name: "early" }, { threshold: 3 })],
    /idle may take/,
  ],
  [
    "down to exactly one while requests are left",
    stackWithEach({
      idle: {
        stepScalingPolicyConfiguration: {
          adjustmentType: "ExactCapacity",
          stepAdjustments: [{ metricIntervalUpperBound: "0", scalingAdjustment: 1 }],
        },
      },
      "idle-alarm": { threshold: 2 },
    }),
    /idle may take/,
  ],
  [
    "up to exactly one",
    stackWith("wake", {
      stepScalingPolicyConfiguration: {
        adjustmentType: "ExactCapacity",
        stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
      },
    }),
    "complies",
  ],
  ["no policy", stackWithout("tracking", "wake", "idle"), "not applicable"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
]);
