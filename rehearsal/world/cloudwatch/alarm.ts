import type * as sdk from "@aws-sdk/client-cloudwatch";
import type { HistoryItemType } from "@aws-sdk/client-cloudwatch";
import type { Series } from "./math-values";
import { metricSeries, queryValues } from "./metric-data";
import type { MetricIdentity, MetricStore, StatisticName } from "./metric-store";

/** An alarm with its state. */
export interface AlarmState {
  readonly arn: string;
  input: sdk.PutMetricAlarmCommandInput;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  reason: string;
  updatedMs: number;
  configuredMs: number;
  /** Since when it is in that state. */
  transitionedMs: number;
  actionsEnabled: boolean;
  /** The newest datapoint it was judged by. */
  latest: number | undefined;
  readonly history: Array<{ readonly atMs: number; readonly type: HistoryItemType; readonly summary: string }>;
}

export interface Verdict {
  readonly state: AlarmState["state"];
  /** Told only when it is needed: most minutes change nothing. */
  readonly reason: () => string;
  readonly latest: number | undefined;
}

/** An alarm's input does not change, and is asked for its metric each minute. */
const metrics = new WeakMap<sdk.PutMetricAlarmCommandInput, MetricIdentity>();

/** The metric an alarm looks at. */
export function metricOf(input: sdk.PutMetricAlarmCommandInput): MetricIdentity {
  let metric = metrics.get(input);
  if (metric === undefined) {
    metric = { namespace: input.Namespace ?? "", name: input.MetricName ?? "", dimensions: input.Dimensions ?? [] };
    metrics.set(input, metric);
  }
  return metric;
}

/**
 * Judges an alarm at `nowMs` as CloudWatch does (monitoring guide, alarms-and-missing-data, read 2026-11-25): by its
 * newest real datapoints where there are enough of them in a range somewhat longer than its evaluation periods, else with
 * the missing ones filled in as the alarm says, as few as possible.
 *
 * With `missing` or `ignore` and too few datapoints, it is an ALARM all the same when every datapoint there is breaches
 * and the oldest lies as far back as the alarm asks for breaches; a newer one leaves the state as it is.
 */
export function judge(alarm: AlarmState, store: MetricStore, nowMs: number, extraPeriods: number): Verdict {
  const { input } = alarm;
  const wanted = input.EvaluationPeriods ?? 1;
  const needed = input.DatapointsToAlarm ?? wanted;
  const treat = input.TreatMissingData ?? "missing";
  const range = valuesOf(input, store, nowMs, wanted + extraPeriods);
  const real = range.filter((value) => value !== undefined);
  const latest = real.at(-1);
  const stay = { state: alarm.state, reason: () => alarm.reason, latest };
  if (real.length === 0 && treat === "ignore") return stay;
  if (real.length === 0 && treat === "missing") {
    const unknown = `${wanted} datapoint${wanted === 1 ? " was" : "s were"} unknown`;
    return { state: "INSUFFICIENT_DATA", reason: () => `Insufficient Data: ${unknown}.`, latest };
  }
  const judged = real.slice(-wanted);
  const filled = wanted - judged.length;
  const bad = judged.filter((value) => breaches(value, input)).length;
  const breaching = bad + (treat === "breaching" ? filled : 0);
  const shown = (): string => judged.map((value) => Number(value.toFixed(3))).join(", ");
  const threshold = (): string =>
    `${comparisonWords[input.ComparisonOperator ?? ""] ?? input.ComparisonOperator} the threshold (${input.Threshold})`;
  const alarming = {
    state: "ALARM" as const,
    reason: () =>
      `Threshold Crossed: ${breaching} out of the last ${wanted} datapoints [${shown()}] were ${threshold()} (minimum ${needed} datapoint${needed === 1 ? "" : "s"} for OK -> ALARM transition).`,
    latest,
  };
  if (breaching >= needed) return alarming;
  if (filled > 0 && bad === judged.length && bad > 0 && (treat === "missing" || treat === "ignore")) {
    const oldest = range.length - range.findIndex((value) => value !== undefined);
    return treat === "missing" && oldest >= needed ? alarming : stay;
  }
  return {
    state: "OK",
    reason: () => `Threshold Crossed: ${wanted - breaching} datapoints [${shown()}] were not ${threshold()}.`,
    latest,
  };
}

/** What the alarm looks at in each of the last `count` periods, oldest first. */
function valuesOf(input: sdk.PutMetricAlarmCommandInput, store: MetricStore, nowMs: number, count: number): Series {
  const queries = input.Metrics ?? [];
  const stepMs = (periodOf(input) ?? 60) * 1000;
  const grid = { startMs: Math.floor(nowMs / stepMs) * stepMs - count * stepMs, stepMs, count };
  if (queries.length === 0) return metricSeries(store, metricOf(input), input.Statistic as StatisticName, grid);
  const told = queries.find(({ ReturnData }) => ReturnData !== false)?.Id ?? "";
  const value = queryValues(queries, store, grid).get(told);
  return value?.kind === "series" ? value.values : [];
}

/** Seconds; an alarm on metric math has the period of its metrics. */
function periodOf(input: sdk.PutMetricAlarmCommandInput): number | undefined {
  return input.Metrics?.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period ?? input.Period;
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
