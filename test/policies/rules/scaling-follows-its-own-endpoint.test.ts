import { but } from "../../support/hand-written";
import { tracking, wakeStep } from "../../support/hand-written-stack";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const following = (...dimensions: object[]) =>
  tracking({ customizedMetricSpecification: { namespace: "AWS/SageMaker", dimensions } });
const inMath = (value: string) =>
  tracking({
    customizedMetricSpecification: {
      metrics: [
        { id: "sum", expression: "a + 1" },
        { id: "a", metricStat: { metric: { dimensions: [{ name: "EndpointName", value }] } } },
      ],
    },
  });

judges("scaling-follows-its-own-endpoint", [
  ["its own endpoint", following({ name: "EndpointName", value: "e" }), "complies"],
  [
    "another endpoint",
    following({ name: "EndpointName", value: "f" }),
    /^it scales endpoint\/e\/variant\/primary and follows EndpointName f\.$/,
  ],
  ["another variant", following({ name: "VariantName", value: "b" }), /follows VariantName b/],
  ["its own endpoint by metric math", inMath("e"), "complies"],
  ["another endpoint by metric math", inMath("f"), /follows EndpointName f/],
  [
    "another variant beside an unknown endpoint",
    following({ name: "EndpointName", value: unknown }, { name: "VariantName", value: "b" }),
    /follows VariantName b/,
  ],
  ["an unknown endpoint", following({ name: "EndpointName", value: unknown }), "unknown"],
  ["a step policy", wakeStep, "not applicable"],
  [
    "another service's",
    but(following({ name: "EndpointName", value: "f" }), { serviceNamespace: "ecs" }),
    "not applicable",
  ],
]);
