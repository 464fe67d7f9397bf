import { realTimeStack, stackWith, stackWithout, wakeAlarm, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const waking = (adjustmentType: string, scalingAdjustment: unknown, more: object = {}) =>
  stackWith("wake", {
    stepScalingPolicyConfiguration: {
      adjustmentType,
      stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment }],
      ...more,
    },
  });

judgesStack("wake-step-brings-an-instance", [
  ["one instance", wholeStack, "complies"],
  ["as many as allowed", waking("ChangeInCapacity", 4), "complies"],
  ["more than allowed", waking("ChangeInCapacity", 5), /brings 5 instances where 4 are allowed/],
  ["none", waking("ExactCapacity", 0), /^e in eu-west-1: wake, fired by HasBacklogWithoutCapacity, brings 0 instances/],
  ["a percentage of none", waking("PercentChangeInCapacity", 100), /a percentage of no instances/],
  ["a percentage, but at least one", waking("PercentChangeInCapacity", 100, { minAdjustmentMagnitude: 1 }), "complies"],
  [
    "a step that the value 1 does not reach",
    stackWith("wake", {
      stepScalingPolicyConfiguration: {
        adjustmentType: "ChangeInCapacity",
        stepAdjustments: [{ metricIntervalLowerBound: "1", scalingAdjustment: 1 }],
      },
    }),
    /no step for the value 1, 0 from the alarm's threshold/,
  ],
  ["a lower threshold that the step does reach", stackWith("wake-alarm", { threshold: 0.5 }), "complies"],
  ["an unknown number", waking("ChangeInCapacity", unknown), "unknown"],
  ["an alarm that fires nothing", stackWithout("wake"), "not applicable"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
  [
    "a step each side of the threshold",
    stackWith("wake", {
      stepScalingPolicyConfiguration: {
        adjustmentType: "ChangeInCapacity",
        stepAdjustments: [
          { metricIntervalUpperBound: "0", scalingAdjustment: -1 },
          { metricIntervalLowerBound: "0", scalingAdjustment: 1 },
        ],
      },
    }),
    "complies",
  ],
  [
    "an unknown step before one that brings none",
    [
      ...waking("ChangeInCapacity", unknown).filter(({ name }) => name !== "wake-alarm"),
      ...waking("ExactCapacity", 0).flatMap((each) => (each.name === "wake" ? [{ ...each, name: "second" }] : [])),
      { ...wakeAlarm, dependsOn: { alarmActions: ["wake", "second"] } },
    ],
    /second, fired by HasBacklogWithoutCapacity, brings 0 instances/,
  ],
]);
