import { inner, isSet, listAt, numberAt, type Props } from "./async-resources";

/** One step of a step scaling policy: it acts where the metric's distance from the threshold lies between its bounds. */
export interface Step {
  /** -Infinity when it has none. */
  readonly lower: number;
  /** Infinity when it has none. */
  readonly upper: number;
  readonly adjustment: number;
}

/** Without reading its steps, of which one may be unknown. */
export function isStepPolicy(policy: Props): boolean {
  return isSet(policy, "stepScalingPolicyConfiguration");
}

/** The steps of a policy, lowest first; undefined when it is no step policy. A bound that is no number is NaN. */
export function stepsOf(policy: Props): Step[] | undefined {
  const configuration = inner(policy, "stepScalingPolicyConfiguration");
  if (configuration === undefined) return undefined;
  return listAt(configuration, "stepAdjustments")
    .map((step) => ({
      lower: numberAt(step, "metricIntervalLowerBound") ?? Number.NEGATIVE_INFINITY,
      upper: numberAt(step, "metricIntervalUpperBound") ?? Number.POSITIVE_INFINITY,
      adjustment: numberAt(step, "scalingAdjustment") ?? Number.NaN,
    }))
    .sort((left, right) => left.lower - right.lower);
}

/** `ChangeInCapacity`, `ExactCapacity` or `PercentChangeInCapacity` */
export function adjustmentType(policy: Props): unknown {
  return inner(policy, "stepScalingPolicyConfiguration")?.adjustmentType;
}
