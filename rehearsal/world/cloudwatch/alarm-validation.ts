import type * as sdk from "@aws-sdk/client-cloudwatch";
import { alarmActionsMax } from "../../../contract/limits";
import { AwsError } from "../aws-error";
import { isScalingPolicy } from "./alarm-shapes";

const statistics = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"];
const comparisons = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
/** @throws AwsError ValidationError, MissingParameter */
export function validateAlarm(input: sdk.PutMetricAlarmCommandInput): void {
  // Kept and told, but never judged: see judge.
  if ((input.Metrics ?? []).length > 0) return;
  required(input.MetricName, "MetricName");
  required(input.Namespace, "Namespace");
  required(input.Threshold, "Threshold");
  checkStatistic(required(input.Statistic ?? input.ExtendedStatistic, "Statistic"));
  if (!comparisons.includes(required(input.ComparisonOperator, "ComparisonOperator"))) {
    throw new AwsError(
      "ValidationError",
      `Value '${input.ComparisonOperator}' at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [${comparisons.join(", ")}]`,
    );
  }
  const period = required(input.Period, "Period");
  const periods = required(input.EvaluationPeriods, "EvaluationPeriods");
  if (period % 60 !== 0 || period < 60)
    throw new AwsError(
      "ValidationError",
      `Period must be 10, 30 or a multiple of 60; this rehearsal plays multiples of 60, not ${period}.`,
    );
  if (period * periods > 7 * 86_400)
    throw new AwsError(
      "ValidationError",
      "Metrics cannot be checked across more than 7 days (EvaluationPeriods * Period must be <= 604800).",
    );
  if ((input.DatapointsToAlarm ?? 1) > periods)
    throw new AwsError("ValidationError", "DatapointsToAlarm cannot be greater than EvaluationPeriods.");
  for (const list of [input.AlarmActions, input.OKActions, input.InsufficientDataActions]) {
    if ((list ?? []).length > alarmActionsMax)
      throw new AwsError("ValidationError", `An alarm has at most ${alarmActionsMax} actions for each state.`);
  }
  for (const action of [
    ...(input.AlarmActions ?? []),
    ...(input.OKActions ?? []),
    ...(input.InsufficientDataActions ?? []),
  ]) {
    if (!isScalingPolicy(action) && !/^arn:aws:sns:[a-z0-9-]+:\d{12}:.+$/.test(action)) {
      throw new AwsError("ValidationError", `Invalid arn syntax: ${action}`);
    }
  }
}

/** @throws AwsError ValidationError */
export function checkStatistic(statistic: string): void {
  if (!statistics.includes(statistic))
    throw new AwsError(
      "ValidationError",
      `Statistic ${statistic} is not played by this rehearsal: use one of ${statistics.join(", ")}.`,
    );
}

/** @throws AwsError MissingParameter */
export function required<Value>(value: Value | undefined, member: string): Value {
  if (value === undefined || value === "")
    throw new AwsError("MissingParameter", `The request must contain the parameter ${member}.`);
  return value;
}
