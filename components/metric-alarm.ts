import { metricPeriodSeconds } from "../contract/limits";
import { type MetricName, metrics, type Statistic } from "../contract/metrics";
import { endpointName, type RegionContext, variantName } from "./context";

/** An alarm on one metric of the region's endpoint, in the metrics table's words. */
export interface AlarmOn {
  readonly metric: MetricName;
  readonly statistic: Statistic;
  readonly comparison: "GreaterThanOrEqualToThreshold" | "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Consecutive periods that must all breach. */
  readonly periods: number;
  /** @default one minute, the metrics' own */
  readonly periodSeconds?: number;
}

/** The metric's dimensions with this endpoint's values: just those AWS publishes it with. */
export function dimensionsOf(context: RegionContext, metric: MetricName): Record<string, string> {
  const values = { EndpointName: endpointName(context), VariantName: variantName };
  return Object.fromEntries(metrics[metric].dimensions.map((dimension) => [dimension, values[dimension]]));
}

/**
 * The arguments of a metric alarm. Missing data leaves it as it is: an endpoint at zero instances publishes little, and
 * silence is neither good nor bad.
 */
export function alarmArgs(context: RegionContext, alarm: AlarmOn) {
  const metric = metrics[alarm.metric];
  return {
    region: context.region,
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: dimensionsOf(context, alarm.metric),
    statistic: alarm.statistic,
    period: alarm.periodSeconds ?? metricPeriodSeconds,
    evaluationPeriods: alarm.periods,
    datapointsToAlarm: alarm.periods,
    comparisonOperator: alarm.comparison,
    threshold: alarm.threshold,
    treatMissingData: "missing",
    tags: context.tags,
  };
}
