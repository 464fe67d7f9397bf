import type * as sdk from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../aws-error";
import type { Answer } from "../call";
import { pageOf } from "../paging";
import type { Grid, Series } from "./math-values";
import { checkQueries, metricSeries, queryValues } from "./metric-data";
import type { MetricStore, StatisticName } from "./metric-store";
import { checkPeriod, checkStatistic, required } from "./parameters";

/** CloudWatch API reference, GetMetricData, GetMetricStatistics and ListMetrics, read 2026-11-25. */
const dataPointsMax = 100_800;
const statisticsPointsMax = 1440;
const metricsPerPage = 500;
const recentMs = 3 * 3_600_000;

/** @throws AwsError ValidationError, InvalidNextToken */
export function getMetricData(
  metrics: MetricStore,
  input: sdk.GetMetricDataCommandInput,
): Answer<sdk.GetMetricDataCommandOutput> {
  const queries = required(input.MetricDataQueries, "MetricDataQueries");
  checkQueries(queries);
  const results = queries.flatMap((query) => resultsOf(metrics, queries, query, input));
  const room = Math.min(input.MaxDatapoints ?? dataPointsMax, dataPointsMax);
  const all = results.flatMap(({ points }, result) => points.map((_, point) => ({ result, point })));
  const { items, next } = pageOf(all, ({ result, point }) => `${result}/${point}`, {
    size: room,
    token: input.NextToken,
    invalidToken: "InvalidNextToken",
  });
  return {
    MetricDataResults: results.map(({ Id, Label, points }, index) => {
      const shown = items.filter(({ result }) => result === index).map(({ point }) => points[point]);
      const isCut = next !== undefined && (items.at(-1)?.result ?? 0) <= index;
      return {
        Id,
        Label,
        Timestamps: shown.map((point) => new Date(point?.atMs ?? 0)),
        Values: shown.map((point) => point?.value ?? 0),
        StatusCode: isCut ? ("PartialData" as const) : ("Complete" as const),
      };
    }),
    Messages: [],
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

/** @throws AwsError ValidationError, InvalidParameterCombination */
export function getMetricStatistics(
  metrics: MetricStore,
  input: sdk.GetMetricStatisticsCommandInput,
): Answer<sdk.GetMetricStatisticsCommandOutput> {
  const grid = gridOf(input, input.Period ?? 60);
  if (grid.count > statisticsPointsMax) {
    throw new AwsError(
      "InvalidParameterCombination",
      `You have requested up to ${grid.count} datapoints, which exceeds the limit of ${statisticsPointsMax}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  const identity = {
    namespace: input.Namespace ?? "",
    name: input.MetricName ?? "",
    dimensions: input.Dimensions ?? [],
  };
  const Unit = (metrics.unitOf(identity) ?? "None") as sdk.StandardUnit;
  const byTime = new Map<number, sdk.Datapoint>();
  for (const statistic of input.Statistics ?? []) {
    checkStatistic(statistic);
    for (const { atMs, value } of points(metricSeries(metrics, identity, statistic as StatisticName, grid), grid)) {
      byTime.set(atMs, { ...(byTime.get(atMs) ?? { Timestamp: new Date(atMs), Unit }), [statistic]: value });
    }
  }
  return { Label: input.MetricName, Datapoints: [...byTime.values()] };
}

/** @throws AwsError InvalidParameterValue for a token that no page gave */
export function listMetrics(
  metrics: MetricStore,
  input: sdk.ListMetricsCommandInput,
  nowMs: number,
): Answer<sdk.ListMetricsCommandOutput> {
  const found = metrics
    .identities()
    .filter(
      ({ namespace, name, dimensions, lastMs }) =>
        (input.Namespace ?? namespace) === namespace &&
        (input.MetricName ?? name) === name &&
        (input.RecentlyActive === undefined || lastMs > nowMs - recentMs) &&
        (input.Dimensions ?? []).every(({ Name, Value }) =>
          dimensions.some((each) => each.Name === Name && (Value ?? each.Value) === each.Value),
        ),
    );
  const { items, next } = pageOf(found, ({ key }) => key, {
    size: metricsPerPage,
    token: input.NextToken,
    invalidToken: "InvalidParameterValue",
  });
  return {
    Metrics: items.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensions.map((each) => ({ Name: each.Name, Value: each.Value })),
    })),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** What one query tells: a list gives several results of one id. */
function resultsOf(
  metrics: MetricStore,
  queries: sdk.MetricDataQuery[],
  query: sdk.MetricDataQuery,
  input: sdk.GetMetricDataCommandInput,
): Array<{ readonly Id: string | undefined; readonly Label: string | undefined; readonly points: Point[] }> {
  if (query.ReturnData === false) return [];
  const { Id, Label, MetricStat } = query;
  const grid = gridOf(input, MetricStat?.Period ?? periodOf(queries, query));
  const value = queryValues(MetricStat === undefined ? queries : [query], metrics, grid).get(Id ?? "");
  const all = value?.kind === "list" ? value.all : value?.kind === "series" ? [value.values] : [];
  return all.map((series) => {
    const told = points(series, grid);
    if (input.ScanBy !== "TimestampAscending") told.reverse();
    return { Id, Label: Label ?? MetricStat?.Metric?.MetricName ?? Id, points: told };
  });
}

function periodOf(queries: readonly sdk.MetricDataQuery[], query: sdk.MetricDataQuery): number {
  return queries.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period ?? query.Period ?? 60;
}

function gridOf(
  { StartTime, EndTime }: { StartTime?: Date | undefined; EndTime?: Date | undefined },
  periodSeconds: number,
): Grid {
  checkPeriod(periodSeconds);
  const stepMs = periodSeconds * 1000;
  const startMs = Math.floor(required(StartTime, "StartTime").getTime() / stepMs) * stepMs;
  const endMs = required(EndTime, "EndTime").getTime();
  if (endMs <= startMs)
    throw new AwsError("ValidationError", "The parameter StartTime must be less than the parameter EndTime.");
  const count = Math.ceil((endMs - startMs) / stepMs);
  if (count > dataPointsMax) throw new AwsError("ValidationError", `The range has more than ${dataPointsMax} periods.`);
  return { startMs, stepMs, count };
}

function points(series: Series, { startMs, stepMs }: Grid): Point[] {
  return series.flatMap((value, index) => (value === undefined ? [] : [{ atMs: startMs + index * stepMs, value }]));
}
