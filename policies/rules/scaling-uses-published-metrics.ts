import type { PolicyResource } from "@pulumi/policy";
import { metrics, metricsNeverPublished } from "../../contract/metrics";
import { asyncMetric } from "../alarms";
import { asyncEndpoints, sameRegion, scales } from "../async-endpoints";
import { inner, listAt, type Props, textAt, types } from "../async-resources";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";

export const scalingUsesPublishedMetrics: StackRule = {
  name: "scaling-uses-published-metrics",
  group: "scaling",
  displayName: "Scaling follows metrics that have data",
  description:
    "Target tracking of an asynchronous endpoint uses a metric it publishes, with the dimensions it publishes it with.",
  why: "Asynchronous endpoints publish no invocation counts, and their backlog metrics carry the endpoint's name alone: a policy on anything else has no data and never acts.",
  notJudged:
    "Policies on metrics of other namespaces, the target value, and policies on an endpoint outside the stack that name no metric of asynchronous endpoints.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Use ApproximateBacklogSizePerInstance with the one dimension EndpointName.",
  validateStack: looksAtStacksWith([types.scalingPolicy], (resources, report, args) => {
    const endpoints = asyncEndpoints(resources);
    let judged = false;
    inTurn(
      ofType(resources, types.scalingPolicy).map((policy) => () => {
        const tracking = inner(policy.props, "targetTrackingScalingPolicyConfiguration");
        if (tracking === undefined || textAt(policy.props, "serviceNamespace") !== "sagemaker") return;
        const isAsync = endpoints.some(({ endpoint }) => sameRegion(policy, endpoint) && scales(policy, endpoint));
        const looks = specifications(tracking).map((each) => () => {
          if (!isAsync && asyncMetric(textAt(each, "metricName")) === undefined) return;
          judged = true;
          const problem = problemOf(each);
          if (problem !== undefined) report(`${policy.name}: ${problem}`, policy.urn);
        });
        inTurn([...(isAsync ? [() => judgePredefined(policy, tracking, report)] : []), ...looks]);
        judged ||= isAsync;
      }),
    );
    if (!judged) args.notApplicable("no target tracking of an asynchronous endpoint");
  }),
};

function judgePredefined(
  policy: PolicyResource,
  tracking: Props,
  report: (message: string, urn?: string) => void,
): void {
  const predefined = textAt(inner(tracking, "predefinedMetricSpecification"), "predefinedMetricType");
  if (predefined !== undefined)
    report(
      `${policy.name}: ${predefined} is a metric of real-time endpoints: an asynchronous one never publishes it.`,
      policy.urn,
    );
}

/** The one metric, or each of metric math. */
function specifications(tracking: Props): Props[] {
  const custom = inner(tracking, "customizedMetricSpecification");
  const inMath = listAt(custom, "metrics").map((each) => inner(each, "metricStat", "metric"));
  return [...(custom !== undefined && "metricName" in custom ? [custom] : []), ...inMath].filter(
    (each): each is Props => each !== undefined,
  );
}

function problemOf(metric: Props): string | undefined {
  const name = textAt(metric, "metricName") ?? "";
  if (name === "" || textAt(metric, "namespace") !== "AWS/SageMaker") return undefined;
  if ((metricsNeverPublished as readonly string[]).includes(name))
    return `${name} is never published by an asynchronous endpoint.`;
  const known = Object.values(metrics).find((each) => each.name === name);
  if (known === undefined) return `${name} is not a metric of asynchronous endpoints.`;
  const given = listAt(metric, "dimensions")
    .map((dimension) => textAt(dimension, "name"))
    .sort();
  const wanted = [...known.dimensions].sort();
  return given.join() === wanted.join()
    ? undefined
    : `${name} has the dimensions ${wanted.join(", ")}, not ${given.join(", ") || "none"}: it would have no data.`;
}
