import { but } from "../../support/hand-written";
import { tracking, wakeStep } from "../../support/hand-written-stack";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const steps = (...stepAdjustments: object[]) =>
  but(wakeStep, { stepScalingPolicyConfiguration: { adjustmentType: "ChangeInCapacity", stepAdjustments } });
const step = (lower: unknown, upper: unknown, scalingAdjustment: unknown = 1) => ({
  ...(lower === undefined ? {} : { metricIntervalLowerBound: lower }),
  ...(upper === undefined ? {} : { metricIntervalUpperBound: upper }),
  scalingAdjustment,
});

judges("step-adjustments-are-well-formed", [
  ["one step from the threshold on", wakeStep, "complies"],
  ["three steps that meet, in any order", steps(step("20", undefined), step("0", "10"), step("10", "20")), "complies"],
  ["steps on both sides", steps(step(undefined, "-5", -2), step("-5", "0", -1), step("0", undefined)), "complies"],
  ["bounds that a provider tells as empty text", steps(step("0", "")), "complies"],
  ["equal bounds", steps(step("0", "0")), /the step from 0 to 0 is empty/],
  ["bounds the wrong way round", steps(step("5", "0")), /ends before it begins/],
  ["a bound that is no number", steps(step("none", undefined)), /is not between numbers/],
  ["no bound at all", steps(step(undefined, undefined)), /neither bound/],
  ["a gap", steps(step("0", "10"), step("20", undefined)), /nothing acts from 10 to 20/],
  ["an overlap", steps(step("0", "10"), step("5", undefined)), /from 0 to 10 and from 5 to ∞ overlap/],
  ["an end above the threshold", steps(step("0", "10")), /nothing acts above 10/],
  ["an end below the threshold", steps(step("-10", "0", -1)), /nothing acts below -10/],
  ["a step that adds none", steps(step("0", undefined, 0)), /adjusts by 0/],
  ["no step", steps(), /has no step/],
  [
    "going to exactly none",
    but(wakeStep, {
      stepScalingPolicyConfiguration: { adjustmentType: "ExactCapacity", stepAdjustments: [step(undefined, "0", 0)] },
    }),
    "complies",
  ],
  ["an unknown bound", steps(step(unknown, undefined)), "unknown"],
  ["target tracking", tracking(), "not applicable"],
  ["another service's", but(steps(step("0", "0")), { serviceNamespace: "ecs" }), "not applicable"],
]);
