import { metricPeriodSeconds } from "../contract/limits";
import { type MetricName, metrics, type Statistic } from "../contract/metrics";
import { arnFor, endpointName, type RegionContext, regionalName, variantName } from "./context";

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
  /**
   * What a period without data stands for. @default "missing": an endpoint at zero instances publishes little, and silence
   * is neither good nor bad
   */
  readonly silence?: "missing" | "notBreaching";
}

/** The metric's dimensions with this endpoint's values: just those AWS publishes it with. */
export function dimensionsOf(context: RegionContext, metric: MetricName): Record<string, string> {
  const values = { EndpointName: endpointName(context), VariantName: variantName };
  return Object.fromEntries(metrics[metric].dimensions.map((dimension) => [dimension, values[dimension]]));
}

/** The fixed name of an alarm of the region's endpoint, so that dashboards and updates can name it before it exists. */
export function alarmName(context: RegionContext, role: string): string {
  return regionalName(context, "cloudwatchAlarm", role);
}

export function alarmArn(context: RegionContext, role: string): string {
  return arnFor(context, "cloudwatch", `alarm:${alarmName(context, role)}`);
}

/** The arguments of a metric alarm. */
export function alarmArgs(context: RegionContext, role: string, alarm: AlarmOn) {
  const metric = metrics[alarm.metric];
  return {
    region: context.region,
    name: alarmName(context, role),
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: dimensionsOf(context, alarm.metric),
    statistic: alarm.statistic,
    period: alarm.periodSeconds ?? metricPeriodSeconds,
    evaluationPeriods: alarm.periods,
    datapointsToAlarm: alarm.periods,
    comparisonOperator: alarm.comparison,
    threshold: alarm.threshold,
    treatMissingData: alarm.silence ?? "missing",
    tags: context.tags,
  };
}
