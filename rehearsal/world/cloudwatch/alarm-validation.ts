import type * as sdk from "@aws-sdk/client-cloudwatch";
import { alarmActionsMax } from "../../../contract/limits";
import { AwsError } from "../aws-error";
import { isScalingPolicy } from "./alarm-shapes";
import { checkQueries } from "./metric-data";
import { checkPeriod, checkStatistic, required } from "./parameters";

const comparisons = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
];
/** @throws AwsError ValidationError, MissingParameter */
export function validateAlarm(input: sdk.PutMetricAlarmCommandInput): void {
  const onMath = (input.Metrics ?? []).length > 0;
  required(input.Threshold, "Threshold");
  if (onMath) checkOnMath(input);
  else {
    required(input.MetricName, "MetricName");
    required(input.Namespace, "Namespace");
    checkStatistic(required(input.Statistic ?? input.ExtendedStatistic, "Statistic"));
  }
  if (!comparisons.includes(required(input.ComparisonOperator, "ComparisonOperator"))) {
    throw new AwsError(
      "ValidationError",
      `Value '${input.ComparisonOperator}' at 'comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: [${comparisons.join(", ")}]`,
    );
  }
  const period = onMath ? checkQueries(input.Metrics ?? []) : required(input.Period, "Period");
  const periods = required(input.EvaluationPeriods, "EvaluationPeriods");
  checkPeriod(period);
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

/** An alarm looks at one series: its own metric's members and those of a list exclude each other. */
function checkOnMath(input: sdk.PutMetricAlarmCommandInput): void {
  const others = (
    ["MetricName", "Namespace", "Dimensions", "Period", "Statistic", "ExtendedStatistic", "Unit"] as const
  ).filter((member) => input[member] !== undefined && !(member === "Dimensions" && input.Dimensions?.length === 0));
  if (others.length > 0)
    throw new AwsError("ValidationError", `Metrics list cannot be specified together with ${others.join(", ")}.`);
  if ((input.Metrics ?? []).filter(({ ReturnData }) => ReturnData !== false).length !== 1)
    throw new AwsError("ValidationError", "Exactly one element of the metrics list should return data.");
}
