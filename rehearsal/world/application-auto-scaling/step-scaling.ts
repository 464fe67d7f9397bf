import type { StepAdjustment, StepScalingPolicyConfiguration } from "@aws-sdk/client-application-auto-scaling";
import { AwsError } from "../aws-error";

/** The adjustment whose interval holds the metric's distance from the threshold. */
export function stepFor(steps: readonly StepAdjustment[], distance: number): StepAdjustment | undefined {
  return steps.find(({ MetricIntervalLowerBound: lower, MetricIntervalUpperBound: upper }) => {
    // Above the threshold the lower bound belongs to the step, below it the upper one does.
    const above = lower === undefined || (distance >= 0 ? distance >= lower : distance > lower);
    const below = upper === undefined || (distance >= 0 ? distance < upper : distance <= upper);
    return above && below;
  });
}

/** The capacity a step asks for. */
export function stepCapacity(
  configuration: StepScalingPolicyConfiguration,
  adjustment: number,
  current: number,
): number {
  if (configuration.AdjustmentType === "ExactCapacity") return adjustment;
  if (configuration.AdjustmentType === "ChangeInCapacity") return current + adjustment;
  const change = (current * adjustment) / 100;
  const rounded = change >= 0 ? Math.max(1, Math.floor(change)) : Math.min(-1, Math.ceil(change));
  const least = configuration.MinAdjustmentMagnitude ?? 1;
  return current + Math.sign(rounded) * Math.max(Math.abs(rounded), least);
}

/** @throws AwsError ValidationException for overlapping steps or more than one open end */
export function checkSteps(steps: readonly StepAdjustment[]): void {
  if (steps.length === 0) throw new AwsError("ValidationException", "At least one step adjustment must be specified");
  const ordered = steps
    .map(({ MetricIntervalLowerBound, MetricIntervalUpperBound, ScalingAdjustment }) => ({
      lower: MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY,
      upper: MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY,
      ScalingAdjustment,
    }))
    .sort((left, right) => left.lower - right.lower);
  ordered.forEach(({ lower, upper, ScalingAdjustment }, index) => {
    if (ScalingAdjustment === undefined)
      throw new AwsError("ValidationException", "ScalingAdjustment must be specified");
    if (lower >= upper) throw new AwsError("ValidationException", "A step's lower bound must be below its upper bound");
    if (index > 0 && lower < (ordered[index - 1]?.upper ?? 0)) {
      throw new AwsError("ValidationException", "Step adjustment intervals can't overlap");
    }
  });
  const both = ordered.some(
    ({ lower, upper }) => lower === Number.NEGATIVE_INFINITY && upper === Number.POSITIVE_INFINITY,
  );
  if (both && steps.length > 1) throw new AwsError("ValidationException", "Step adjustment intervals can't overlap");
}
