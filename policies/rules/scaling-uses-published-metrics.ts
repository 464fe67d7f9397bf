import { metrics, metricsNeverPublished } from "../../contract/metrics";
import { inner, textAt, types } from "../async-resources";
import { looksAt, type ResourceRule } from "../rule";

/** Real-time endpoints are told apart by their metric. */
export const scalingUsesPublishedMetrics: ResourceRule = {
  name: "scaling-uses-published-metrics",
  group: "scaling",
  displayName: "Scaling follows metrics that have data",
  description:
    "Target tracking of an asynchronous endpoint uses a metric it publishes, with the dimensions it publishes it with.",
  why: "Asynchronous endpoints publish no invocation counts, and their backlog metrics carry the endpoint's name alone: a policy on anything else has no data and never acts.",
  notJudged: "Policies on metrics of other namespaces, and the target value.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Use ApproximateBacklogSizePerInstance with the one dimension EndpointName.",
  validateResource: looksAt([types.scalingPolicy], (props, report, args) => {
    const tracking = inner(props, "targetTrackingScalingPolicyConfiguration");
    const ofSageMaker = textAt(props, "serviceNamespace") === "sagemaker";
    if (tracking === undefined || !ofSageMaker)
      return args.notApplicable("not target tracking of a SageMaker endpoint");
    const predefined = textAt(inner(tracking, "predefinedMetricSpecification"), "predefinedMetricType");
    if (predefined !== undefined)
      return report(`${predefined} is a metric of real-time endpoints: an asynchronous one never publishes it.`);
    const custom = inner(tracking, "customizedMetricSpecification");
    const name = textAt(custom, "metricName") ?? "";
    if (textAt(custom, "namespace") !== "AWS/SageMaker") return args.notApplicable("a metric of another namespace");
    if ((metricsNeverPublished as readonly string[]).includes(name))
      return report(`${name} is never published by an asynchronous endpoint.`);
    const known = Object.values(metrics).find((metric) => metric.name === name);
    if (known === undefined) return report(`${name} is not a metric of asynchronous endpoints.`);
    const given = ((custom?.dimensions ?? []) as ReadonlyArray<{ name: string }>)
      .map((dimension) => dimension.name)
      .sort();
    const wanted = [...known.dimensions].sort();
    if (given.join() !== wanted.join())
      report(
        `${name} has the dimensions ${wanted.join(", ")}, not ${given.join(", ") || "none"}: it would have no data.`,
      );
  }),
};
