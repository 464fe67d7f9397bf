import { realTimeStack, stackWith, stackWithEach, stackWithout, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const upTo0 = { metricIntervalUpperBound: "0", scalingAdjustment: 1 };

judgesStack("steps-answer-their-alarms", [
  ["a wake pair and an idle pair", wholeStack, "complies"],
  ["no alarm", stackWithout("wake-alarm"), /^e in eu-west-1: wake is fired by no alarm of its region/],
  ["an alarm in another region", stackWith("wake-alarm", { region: "us-east-1" }), /fired by no alarm/],
  [
    "a step on the other side",
    stackWith("wake", { stepScalingPolicyConfiguration: { stepAdjustments: [upTo0] } }),
    /wake is fired by wake-alarm above its threshold, where it has no step/,
  ],
  [
    "a step that begins beyond the threshold",
    stackWith("wake", {
      stepScalingPolicyConfiguration: { stepAdjustments: [{ metricIntervalLowerBound: "1", scalingAdjustment: 1 }] },
    }),
    /wake is fired by wake-alarm above/,
  ],
  [
    "several steps that meet, on both sides",
    stackWith("wake", {
      stepScalingPolicyConfiguration: {
        stepAdjustments: [
          upTo0,
          { metricIntervalLowerBound: "0", metricIntervalUpperBound: "5", scalingAdjustment: 1 },
          { metricIntervalLowerBound: "5", scalingAdjustment: 2 },
        ],
      },
    }),
    "complies",
  ],
  [
    "several steps below an alarm that fires below",
    stackWith("idle", {
      stepScalingPolicyConfiguration: {
        stepAdjustments: [
          { metricIntervalUpperBound: "-5", scalingAdjustment: -2 },
          { metricIntervalLowerBound: "-5", metricIntervalUpperBound: "0", scalingAdjustment: -1 },
        ],
      },
    }),
    "complies",
  ],
  [
    "a step that ends before the threshold",
    stackWith("idle", {
      stepScalingPolicyConfiguration: { stepAdjustments: [{ metricIntervalUpperBound: "-1", scalingAdjustment: -1 }] },
    }),
    /idle is fired by idle-alarm below its threshold/,
  ],
  [
    "an alarm that fires below where the step is above",
    stackWith("idle-alarm", { comparisonOperator: "GreaterThanThreshold" }),
    /idle is fired by idle-alarm above its threshold/,
  ],
  [
    "silence taken for a breach",
    stackWith("idle-alarm", { treatMissingData: "breaching" }),
    /whenever data is missing/,
  ],
  [
    "an unknown operator beside silence taken for a breach",
    stackWith("idle-alarm", { comparisonOperator: unknown, treatMissingData: "breaching" }),
    /whenever data is missing/,
  ],
  ["an unknown operator", stackWith("idle-alarm", { comparisonOperator: unknown }), "unknown"],
  ["target tracking alone", stackWithout("wake", "idle"), "not applicable"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
  [
    "an unknown step before an alarm that silence fires",
    stackWithEach({
      wake: { stepScalingPolicyConfiguration: { stepAdjustments: [{ metricIntervalLowerBound: unknown }] } },
      "idle-alarm": { treatMissingData: "breaching" },
    }),
    /idle is fired by idle-alarm whenever data is missing/,
  ],
]);
