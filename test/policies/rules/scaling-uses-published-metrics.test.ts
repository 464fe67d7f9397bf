import { but } from "../../support/hand-written";
import { realTimeStack, stackWithout, tracking, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const backlog = {
  namespace: "AWS/SageMaker",
  metricName: "ApproximateBacklogSizePerInstance",
  statistic: "Average",
  dimensions: [{ name: "EndpointName", value: "e" }],
};
const byVariant = [...backlog.dimensions, { name: "VariantName", value: "primary" }];
const following = (change: object) => tracking({ customizedMetricSpecification: { ...backlog, ...change } });
const predefined = tracking({
  customizedMetricSpecification: undefined,
  predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
});
const math = (metric: object) =>
  tracking({
    customizedMetricSpecification: {
      metrics: [
        { id: "x", expression: "a / 2" },
        { id: "a", metricStat: { stat: "Average", metric: { ...backlog, ...metric } } },
      ],
    },
  });
const stack = (...policies: Array<ReturnType<typeof tracking>>) => [...stackWithout("tracking"), ...policies];
const asRealTime = (policy: ReturnType<typeof tracking>) =>
  realTimeStack.map((each) => (each.name === "tracking" ? policy : each));

judgesStack("scaling-uses-published-metrics", [
  ["the backlog per instance", wholeStack, "complies"],
  [
    "with a dimension too many",
    stack(following({ dimensions: byVariant })),
    /^tracking: ApproximateBacklogSizePerInstance has the dimensions EndpointName, not EndpointName, VariantName/,
  ],
  ["with none", stack(following({ dimensions: undefined })), /not none/],
  ["a metric never published", stack(following({ metricName: "InvocationsPerInstance" })), /never published/],
  ["a metric nobody knows", stack(following({ metricName: "Backlog" })), /not a metric of asynchronous endpoints/],
  ["the predefined one", stack(predefined), /real-time endpoints/],
  ["metric math", stack(math({})), "complies"],
  ["metric math of a metric never published", stack(math({ metricName: "Invocations" })), /never published/],
  ["a metric of another namespace", stack(following({ namespace: "Own", metricName: "Invocations" })), "complies"],
  ["the backlog with a dimension too many, alone", [following({ dimensions: byVariant })], /has the dimensions/],
  [
    "an unknown metric before one without data",
    stack(following({ metricName: unknown }), but({ ...predefined, name: "second" }, {})),
    /^second: SageMakerVariantInvocationsPerInstance/,
  ],
  ["an unknown metric", stack(following({ metricName: unknown })), "unknown"],
  ["the predefined one of a real-time endpoint", asRealTime(predefined), "not applicable"],
  ["step policies alone", stackWithout("tracking"), "not applicable"],
  [
    "the predefined one of an endpoint outside the stack",
    stack(but(predefined, { resourceId: "endpoint/f/variant/primary" })),
    "not applicable",
  ],
  [
    "metric math of an unknown metric before one without data",
    stack(
      tracking({
        customizedMetricSpecification: {
          metrics: [
            { id: "a", metricStat: { metric: { ...backlog, metricName: unknown } } },
            { id: "b", metricStat: { metric: { ...backlog, metricName: "Invocations" } } },
          ],
        },
      }),
    ),
    /Invocations is never published/,
  ],
]);
