import type { PolicyResource } from "@pulumi/policy";
import { metrics, metricsNeverPublished } from "../../contract/metrics";
import { asyncMetric, dimensionNames, isOn, type Watched, watchedBy } from "../alarms";
import { type AsyncEndpoint, asyncEndpoints, sameRegion } from "../async-endpoints";
import { inner, listAt, type Props, textAt, types } from "../async-resources";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";

const namespaces: readonly (string | undefined)[] = ["AWS/SageMaker", "/aws/sagemaker/Endpoints"];

export const alarmsHaveData: StackRule = {
  name: "alarms-have-data",
  group: "alarms",
  displayName: "Alarms look where there is data",
  description:
    "An alarm on an asynchronous endpoint names a metric that the endpoint publishes, in its namespace, with just its dimensions, and an endpoint and variant of the stack.",
  why: "An alarm on a metric or dimension that AWS never publishes has no data for ever and looks healthy.",
  notJudged:
    "Alarms on real-time endpoints, on Metrics Insights queries, and on endpoints of other stacks where this one has none in the region.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Queue metrics (ApproximateBacklogSize and the like) take EndpointName alone, all others EndpointName and VariantName; there is no Invocations or InvocationsPerInstance.",
  validateStack: looksAtStacksWith([types.alarm], (resources, report, args) => {
    const endpoints = asyncEndpoints(resources);
    let judged = false;
    const looks = ofType(resources, types.alarm).flatMap((alarm) => [
      () =>
        inTurn(
          watchedBy(alarm.props as Props).map((watched) => () => {
            const found = endpoints.find((each) => isOn(alarm, watched, each));
            if (!namespaces.includes(textAt(watched.props, "namespace"))) return;
            const name = textAt(watched.props, "metricName");
            if (found === undefined && asyncMetric(name) === undefined) return;
            judged = true;
            const near = endpoints.some(({ endpoint }) => sameRegion(endpoint, alarm));
            for (const problem of problemsOf(alarm, watched, found, near)) report(problem, alarm.urn);
          }),
        ),
    ]);
    inTurn(looks);
    if (!judged) args.notApplicable("no alarm on an asynchronous endpoint");
  }),
};

/** `near`: the stack has asynchronous endpoints in the alarm's region, so its endpoint should be one of them. */
function problemsOf(
  alarm: PolicyResource,
  { props }: Watched,
  found: AsyncEndpoint | undefined,
  near: boolean,
): string[] {
  const name = textAt(props, "metricName") ?? "";
  const dimensions = inner(props, "dimensions");
  const given = dimensionNames(dimensions);
  if ((metricsNeverPublished as readonly string[]).includes(name))
    return [`${alarm.name}: ${name} is never published by an asynchronous endpoint.`];
  const known = Object.values(metrics).find((metric) => metric.name === name);
  if (known === undefined) return [`${alarm.name}: ${name} is not a metric of asynchronous endpoints.`];
  const problems: string[] = [];
  const namespace = textAt(props, "namespace");
  if (namespace !== known.namespace)
    problems.push(`${alarm.name}: ${name} is in the namespace ${known.namespace}, not ${namespace}.`);
  const wanted = [...known.dimensions].sort();
  if (given.join() !== wanted.join())
    return [
      ...problems,
      `${alarm.name}: ${name} has the dimensions ${wanted.join(", ")}, not ${given.join(", ") || "none"}: it has no data.`,
    ];
  if (found === undefined && near)
    problems.push(
      `${alarm.name}: ${textAt(dimensions, "EndpointName")} is no asynchronous endpoint of this stack in the alarm's region.`,
    );
  if (found !== undefined && given.includes("VariantName")) {
    const variant = textAt(dimensions, "VariantName");
    const variants = listAt(found.configuration.props, "productionVariants").map((each) => textAt(each, "variantName"));
    if (!variants.includes(variant)) problems.push(`${alarm.name}: ${variant} is no variant of its endpoint.`);
  }
  return problems;
}
