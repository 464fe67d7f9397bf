import { types } from "../../../policies/async-resources";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const policy = (change: object) => ({
  type: types.scalingPolicy,
  props: {
    region: "eu-west-1",
    serviceNamespace: "sagemaker",
    resourceId: "endpoint/e/variant/primary",
    ...change,
  },
});
const tracking = (specification: object) =>
  policy({ targetTrackingScalingPolicyConfiguration: { targetValue: 5, ...specification } });
const backlog = {
  namespace: "AWS/SageMaker",
  metricName: "ApproximateBacklogSizePerInstance",
  statistic: "Average",
  dimensions: [{ name: "EndpointName", value: "e" }],
};
const following = (change: object) => tracking({ customizedMetricSpecification: { ...backlog, ...change } });

judges("scaling-uses-published-metrics", [
  ["the backlog per instance", following({}), "complies"],
  [
    "with a dimension too many",
    following({ dimensions: [...backlog.dimensions, { name: "VariantName", value: "v" }] }),
    /has the dimensions EndpointName, not EndpointName, VariantName/,
  ],
  ["a metric never published", following({ metricName: "InvocationsPerInstance" }), /never published/],
  [
    "the predefined one",
    tracking({ predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantInvocationsPerInstance" } }),
    /real-time endpoints/,
  ],
  ["a metric of another namespace", following({ namespace: "Own" }), "not applicable"],
  ["a step policy", policy({}), "not applicable"],
  ["an unknown metric name", following({ metricName: unknown }), "unknown"],
]);
