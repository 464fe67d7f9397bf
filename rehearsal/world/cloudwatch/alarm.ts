import type * as sdk from "@aws-sdk/client-cloudwatch";
import type { MetricIdentity, MetricStore, StatisticName } from "./metric-store";

/** An alarm with its state. */
export interface AlarmState {
  readonly arn: string;
  input: sdk.PutMetricAlarmCommandInput;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  reason: string;
  updatedMs: number;
  /** Since when it is in that state. */
  transitionedMs: number;
  actionsEnabled: boolean;
  /** The newest datapoint it was judged by. */
  latest: number | undefined;
  readonly history: Array<{ readonly atMs: number; readonly summary: string }>;
}

export interface Verdict {
  readonly state: AlarmState["state"];
  readonly reason: string;
  readonly latest: number | undefined;
}

/** The metric an alarm looks at. */
export function metricOf(input: sdk.PutMetricAlarmCommandInput): MetricIdentity {
  return { namespace: input.Namespace ?? "", name: input.MetricName ?? "", dimensions: input.Dimensions ?? [] };
}

/**
 * Judges an alarm at `nowMs` by its last periods, M of N, with missing data treated as the alarm says.
 *
 * With `missing`, an alarm without enough data in its whole range is INSUFFICIENT_DATA when there is none and keeps its
 * state when there is some.
 */
export function judge(alarm: AlarmState, store: MetricStore, nowMs: number): Verdict {
  const { input } = alarm;
  if ((input.Metrics ?? []).length > 0) {
    return {
      state: "INSUFFICIENT_DATA",
      reason: "Alarms on metric math are kept but not judged by this rehearsal.",
      latest: undefined,
    };
  }
  const periodMs = (input.Period ?? 60) * 1000;
  const wanted = input.EvaluationPeriods ?? 1;
  const needed = input.DatapointsToAlarm ?? wanted;
  const end = Math.floor(nowMs / periodMs) * periodMs;
  const values = Array.from({ length: wanted }, (_, index) =>
    store.statistic(
      metricOf(input),
      input.Statistic as StatisticName,
      end - (wanted - index) * periodMs,
      end - (wanted - index - 1) * periodMs,
    ),
  );
  const present = values.filter((value) => value !== undefined);
  const latest = present.at(-1);
  const treat = input.TreatMissingData ?? "missing";
  if (present.length === 0 && (treat === "missing" || treat === "ignore")) {
    return treat === "ignore"
      ? { state: alarm.state, reason: alarm.reason, latest }
      : {
          state: "INSUFFICIENT_DATA",
          reason: `Insufficient Data: ${wanted} datapoint${wanted === 1 ? " was" : "s were"} unknown.`,
          latest,
        };
  }
  const breaching = values.filter((value) =>
    value === undefined ? treat === "breaching" : breaches(value, input),
  ).length;
  const shown = present.map((value) => Number(value.toFixed(3))).join(", ");
  const threshold = `${comparisonWords[input.ComparisonOperator ?? ""] ?? input.ComparisonOperator} the threshold (${input.Threshold})`;
  if (breaching >= needed) {
    return {
      state: "ALARM",
      reason: `Threshold Crossed: ${breaching} out of the last ${wanted} datapoints [${shown}] were ${threshold} (minimum ${needed} for ALARM).`,
      latest,
    };
  }
  // Missing periods could still have breached: without them there is no saying that all is well.
  const unknown = treat === "missing" || treat === "ignore" ? wanted - present.length : 0;
  if (breaching + unknown >= needed && breaching > 0) return { state: alarm.state, reason: alarm.reason, latest };
  return {
    state: "OK",
    reason: `Threshold Crossed: ${wanted - breaching} datapoints [${shown}] were not ${threshold}.`,
    latest,
  };
}

const comparisonWords: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

function breaches(value: number, { ComparisonOperator, Threshold = 0 }: sdk.PutMetricAlarmCommandInput): boolean {
  switch (ComparisonOperator) {
    case "GreaterThanOrEqualToThreshold":
      return value >= Threshold;
    case "GreaterThanThreshold":
      return value > Threshold;
    case "LessThanThreshold":
      return value < Threshold;
    default:
      return value <= Threshold;
  }
}
