import type { PolicyResource } from "@pulumi/policy";
import { type Metric, metrics } from "../contract/metrics";
import { type AsyncEndpoint, sameRegion } from "./async-endpoints";
import { inner, isSet, known, listAt, type Props, textAt, types } from "./async-resources";
import { comesFrom } from "./links";

/** A metric an alarm looks at: its own, or one of its metric math. */
export interface Watched {
  readonly props: Props;
  /** Metric math calls the statistic `stat`. */
  readonly statistic: "statistic" | "stat";
}

export function watchedBy(alarm: Props): Watched[] {
  if (isSet(alarm, "metricName")) return [{ props: alarm, statistic: "statistic" }];
  return listAt(alarm, "metricQueries").flatMap((query) => {
    const props = inner(query, "metric");
    return props === undefined ? [] : [{ props, statistic: "stat" as const }];
  });
}

/** Metrics whose name says that the endpoint is asynchronous; the others real-time endpoints publish, too. */
const shared = new Set(["Invocation4XXErrors", "Invocation5XXErrors", "ModelLatency"]);
const asyncOnly: ReadonlyMap<string, Metric> = new Map(
  Object.values(metrics)
    .filter(({ name, namespace }) => namespace === "AWS/SageMaker" && !shared.has(name))
    .map((metric) => [metric.name, metric]),
);

export function asyncMetric(name: string | undefined): Metric | undefined {
  return name === undefined ? undefined : asyncOnly.get(name);
}

/** Dimension names of an alarm's map; the bridge may keep notes of its own among them. */
export function dimensionNames(dimensions: Props | undefined): string[] {
  return Object.keys(dimensions ?? {})
    .filter((name) => !name.startsWith("__"))
    .sort();
}

/** Whether the dimension EndpointName is that endpoint's name; by dependency where the name is unknown. */
export function isOn(alarm: PolicyResource, { props }: Watched, { endpoint }: AsyncEndpoint): boolean {
  if (!sameRegion(alarm, endpoint)) return false;
  if (comesFrom(alarm, "dimensions", endpoint) || comesFrom(alarm, "metricQueries", endpoint)) return true;
  const dimensions = inner(props, "dimensions");
  const name = dimensions === undefined ? undefined : known(dimensions, "EndpointName");
  return name !== undefined && name === known(endpoint.props, "name");
}

/** Whether an alarm looks at that metric of that endpoint. */
export function watches(alarm: PolicyResource, metric: string, endpoint: AsyncEndpoint): boolean {
  return watchedBy(alarm.props as Props).some(
    (each) => textAt(each.props, "metricName") === metric && isOn(alarm, each, endpoint),
  );
}

/** Whether an alarm fires that scaling policy. By dependency first: an ARN is unknown until the policy exists. */
export function fires(alarm: PolicyResource, policy: PolicyResource): boolean {
  if (comesFrom(alarm, "alarmActions", policy)) return true;
  const arn = known(policy.props, "arn");
  return arn !== undefined && actionsOf(alarm).some((action) => action === arn);
}

/** Whether an alarm is there to scale, not to tell. */
export function firesScaling(alarm: PolicyResource): boolean {
  return (
    (alarm.propertyDependencies.alarmActions ?? []).some(({ type }) => type === types.scalingPolicy) ||
    actionsOf(alarm).some((action) => typeof action === "string" && action.includes(":scalingPolicy:"))
  );
}

/** The actions that are known; an unknown one is undefined. */
function actionsOf({ props }: PolicyResource): unknown[] {
  const actions = known(props as Props, "alarmActions") as Props | undefined;
  return Array.from({ length: Number(actions?.length ?? 0) }, (_, index) => known(actions as Props, String(index)));
}

/** Whether crossing its threshold means growing or shrinking; undefined for a band. */
export function direction(alarm: Props): "above" | "below" | undefined {
  const operator = textAt(alarm, "comparisonOperator");
  if (operator === "GreaterThanOrEqualToThreshold" || operator === "GreaterThanThreshold") return "above";
  if (operator === "LessThanThreshold" || operator === "LessThanOrEqualToThreshold") return "below";
  return undefined;
}
