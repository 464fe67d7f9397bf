import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../aws-error";
import type { Grid, MathValue, Series } from "./math-values";
import { evaluateQueries, type MathQuery } from "./metric-math";
import type { MetricIdentity, MetricStore, StatisticName } from "./metric-store";
import { checkPeriod, checkStatistic } from "./parameters";

const idPattern = /^[a-z][a-zA-Z0-9_]*$/;

/**
 * Checks the queries of a GetMetricData or of an alarm and reads their expressions once, so that what cannot be computed
 * is refused when it is put and not when it is needed.
 *
 * @returns the period all of them share, in seconds
 * @throws AwsError ValidationError
 */
export function checkQueries(queries: readonly MetricDataQuery[]): number {
  const ids = new Set<string>();
  for (const { Id = "", MetricStat, Expression } of queries) {
    if (!idPattern.test(Id))
      throw invalid(`the id "${Id}" must begin with a lower-case letter, then letters, digits and _`);
    if (ids.has(Id)) throw invalid(`the id "${Id}" is there twice`);
    ids.add(Id);
    if ((MetricStat === undefined) === (Expression === undefined))
      throw invalid(`the query ${Id} must have either MetricStat or Expression`);
    if (MetricStat !== undefined) {
      checkStatistic(MetricStat.Stat ?? "");
      checkPeriod(MetricStat.Period ?? 60);
    }
  }
  const periods = new Set(
    queries.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Period ?? 60])),
  );
  const hasMath = queries.some(({ Expression }) => Expression !== undefined);
  if (hasMath && periods.size > 1)
    throw invalid("this rehearsal computes expressions over metrics of one period; these have several");
  const [period = queries[0]?.Period ?? 60] = periods;
  // On a grid of one datapoint each, every expression is read and its kind is known.
  const grid: Grid = { startMs: 0, stepMs: period * 1000, count: 1 };
  for (const [id, value] of evaluated(queries, grid, () => [1])) {
    const asked = queries.find(({ Id }) => Id === id);
    if (asked?.ReturnData !== false && value.kind !== "series" && value.kind !== "list")
      throw invalid(`the expression ${id} gives a number, where a time series is needed`);
  }
  return period;
}

/** The value of every query over the grid. */
export function queryValues(
  queries: readonly MetricDataQuery[],
  store: MetricStore,
  grid: Grid,
): ReadonlyMap<string, MathValue> {
  return evaluated(queries, grid, (query) => {
    const { Metric, Stat } = query.MetricStat ?? {};
    const identity = {
      namespace: Metric?.Namespace ?? "",
      name: Metric?.MetricName ?? "",
      dimensions: Metric?.Dimensions ?? [],
    };
    return metricSeries(store, identity, Stat as StatisticName, grid);
  });
}

/** A metric's statistic over each period of the grid. */
export function metricSeries(
  store: MetricStore,
  identity: MetricIdentity,
  statistic: StatisticName,
  grid: Grid,
): Series {
  return store.over(identity, statistic, grid);
}

function evaluated(
  queries: readonly MetricDataQuery[],
  grid: Grid,
  seriesOf: (query: MetricDataQuery) => Series,
): Map<string, MathValue> {
  return evaluateQueries(
    queries.map((query): MathQuery => {
      const id = query.Id ?? "";
      return query.Expression === undefined ? { id, values: seriesOf(query) } : { id, expression: query.Expression };
    }),
    grid,
  );
}

function invalid(why: string): AwsError {
  return new AwsError("ValidationError", `Invalid metrics list: ${why}.`);
}
