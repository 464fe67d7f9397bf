import type * as sdk from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../aws-error";
import type { Answer } from "../call";
import { checkStatistic, required } from "./alarm-validation";
import type { MetricStore, StatisticName } from "./metric-store";

const dataPointsMax = 100_800;

export function getMetricData(
  metrics: MetricStore,
  input: sdk.GetMetricDataCommandInput,
): Answer<sdk.GetMetricDataCommandOutput> {
  const startMs = required(input.StartTime, "StartTime").getTime();
  const endMs = required(input.EndTime, "EndTime").getTime();
  const results = (input.MetricDataQueries ?? []).map(({ Id, Label, MetricStat, Expression }) => {
    if (MetricStat === undefined) {
      throw new AwsError(
        "ValidationError",
        `Expression "${Expression}" of query ${Id}: metric math is not played by this rehearsal.`,
      );
    }
    const found = points(
      metrics,
      MetricStat.Metric ?? {},
      MetricStat.Stat ?? "Average",
      MetricStat.Period ?? 60,
      startMs,
      endMs,
    );
    if (input.ScanBy !== "TimestampAscending") found.reverse();
    return {
      Id,
      Label: Label ?? MetricStat.Metric?.MetricName,
      Timestamps: found.map(({ atMs }) => new Date(atMs)),
      Values: found.map(({ value }) => value),
      StatusCode: "Complete" as const,
    };
  });
  return { MetricDataResults: results, Messages: [] };
}

export function getMetricStatistics(
  metrics: MetricStore,
  input: sdk.GetMetricStatisticsCommandInput,
): Answer<sdk.GetMetricStatisticsCommandOutput> {
  const startMs = required(input.StartTime, "StartTime").getTime();
  const endMs = required(input.EndTime, "EndTime").getTime();
  const byTime = new Map<number, sdk.Datapoint>();
  for (const statistic of input.Statistics ?? []) {
    for (const { atMs, value } of points(metrics, input, statistic, input.Period ?? 60, startMs, endMs)) {
      byTime.set(atMs, { ...(byTime.get(atMs) ?? { Timestamp: new Date(atMs) }), [statistic]: value });
    }
  }
  return { Label: input.MetricName, Datapoints: [...byTime.values()] };
}

export function listMetrics(
  metrics: MetricStore,
  input: sdk.ListMetricsCommandInput,
): Answer<sdk.ListMetricsCommandOutput> {
  const found = metrics
    .identities()
    .filter(
      ({ namespace, name }) => (input.Namespace ?? namespace) === namespace && (input.MetricName ?? name) === name,
    );
  return {
    Metrics: found.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensions.map((each) => ({ Name: each.Name, Value: each.Value })),
    })),
  };
}

function points(
  metrics: MetricStore,
  metric: {
    Namespace?: string | undefined;
    MetricName?: string | undefined;
    Dimensions?: sdk.Dimension[] | undefined;
  },
  statistic: string,
  periodSeconds: number,
  startMs: number,
  endMs: number,
): Array<{ atMs: number; value: number }> {
  checkStatistic(statistic);
  if (periodSeconds < 60 || periodSeconds % 60 !== 0)
    throw new AwsError("ValidationError", `Period ${periodSeconds} must be a multiple of 60.`);
  const identity = {
    namespace: metric.Namespace ?? "",
    name: metric.MetricName ?? "",
    dimensions: metric.Dimensions ?? [],
  };
  const step = periodSeconds * 1000;
  const first = Math.floor(startMs / step) * step;
  if ((endMs - first) / step > dataPointsMax)
    throw new AwsError("ValidationError", `The range has more than ${dataPointsMax} periods.`);
  const found: Array<{ atMs: number; value: number }> = [];
  for (let atMs = first; atMs < endMs; atMs += step) {
    const value = metrics.statistic(identity, statistic as StatisticName, atMs, atMs + step);
    if (value !== undefined) found.push({ atMs, value });
  }
  return found;
}
