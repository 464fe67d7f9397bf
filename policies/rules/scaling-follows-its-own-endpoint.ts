import { endpointNameIn } from "../async-endpoints";
import { inner, listAt, type Props, textAt, types } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";

export const scalingFollowsItsOwnEndpoint: ResourceRule = {
  name: "scaling-follows-its-own-endpoint",
  group: "scaling",
  displayName: "A policy follows the endpoint it scales",
  description: "Target tracking of a SageMaker variant reads metrics of the endpoint and variant that it scales.",
  why: "A policy copied from another endpoint grows with the other's queue: the one starves while instances of the other idle.",
  notJudged: "Metrics of other namespaces, dimensions other than EndpointName and VariantName, and step policies.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Set the metric's dimension EndpointName to the endpoint in the policy's resourceId.",
  validateResource: looksAt([types.scalingPolicy], (props, report, args) => {
    const metric = inner(props, "targetTrackingScalingPolicyConfiguration", "customizedMetricSpecification");
    if (metric === undefined || textAt(props, "serviceNamespace") !== "sagemaker")
      return args.notApplicable("not target tracking of a SageMaker variant on a metric of its own");
    const [, , , variant] = String(textAt(props, "resourceId")).split("/");
    const own: Record<string, string | undefined> = {
      EndpointName: endpointNameIn(textAt(props, "resourceId")),
      VariantName: variant,
    };
    const dimensions = [
      metric,
      ...listAt(metric, "metrics").map((each) => inner(each, "metricStat", "metric")),
    ].flatMap((each) => listAt(each, "dimensions"));
    inTurn(
      dimensions.map((dimension: Props) => () => {
        const name = textAt(dimension, "name") ?? "";
        const wanted = own[name];
        const given = textAt(dimension, "value");
        if (wanted !== undefined && given !== wanted)
          report(`it scales ${props.resourceId} and follows ${name} ${given}.`);
      }),
    );
  }),
};
