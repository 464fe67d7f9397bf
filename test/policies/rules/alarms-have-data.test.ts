import { but } from "../../support/hand-written";
import {
  ageAlarm,
  alarm,
  endpoint,
  failureAlarm,
  realTimeStack,
  settings,
  stackWith,
  stackWithout,
  wholeStack,
} from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const both = { EndpointName: "e", VariantName: "primary" };
const math = (metric: object) =>
  alarm("math", "", {
    metricName: undefined,
    namespace: undefined,
    dimensions: undefined,
    metricQueries: [
      { id: "x", expression: "a" },
      { id: "a", metric: { namespace: "AWS/SageMaker", ...metric } },
    ],
  });

judgesStack("alarms-have-data", [
  ["each metric with its dimensions", wholeStack, "complies"],
  [
    "a queue metric with a variant",
    stackWith("age", { dimensions: both }),
    /^age: ApproximateAgeOfOldestRequest has the dimensions EndpointName, not EndpointName, VariantName: it has no data\.$/,
  ],
  [
    "a failure metric without one",
    stackWith("failures", { dimensions: { EndpointName: "e" } }),
    /not EndpointName: it has/,
  ],
  [
    "other names for the dimensions",
    stackWith("age", { dimensions: { Endpoint: "e", Variant: "primary" } }),
    /not Endpoint, Variant/,
  ],
  ["no dimensions", stackWith("age", { dimensions: undefined }), /not none/],
  ["a metric of real-time endpoints", stackWith("age", { metricName: "InvocationsPerInstance" }), /never published/],
  ["a metric nobody knows", stackWith("age", { metricName: "ApproximateBacklog" }), /not a metric of asynchronous/],
  [
    "the host's namespace for a queue metric",
    stackWith("age", { namespace: "/aws/sagemaker/Endpoints" }),
    /in the namespace AWS\/SageMaker/,
  ],
  [
    "an endpoint nobody has",
    stackWith("age", { dimensions: { EndpointName: "x" } }),
    /x is no asynchronous endpoint of this stack/,
  ],
  [
    "an endpoint in another region",
    stackWith("endpoint", { region: "us-east-1" }).map((each) =>
      each.name === "settings" ? { ...each, props: { ...each.props, region: "us-east-1" } } : each,
    ),
    "complies",
  ],
  [
    "a variant nobody has",
    stackWith("failures", { dimensions: { ...both, VariantName: "b" } }),
    /b is no variant of its endpoint/,
  ],
  [
    "metric math",
    [...wholeStack, math({ metricName: "ApproximateBacklogSize", dimensions: { EndpointName: "e" } })],
    "complies",
  ],
  [
    "metric math with a dimension too many",
    [...wholeStack, math({ metricName: "ApproximateBacklogSize", dimensions: both })],
    /math: ApproximateBacklogSize has the dimensions/,
  ],
  [
    "notes that a provider keeps among the dimensions",
    stackWith("age", { dimensions: { EndpointName: "e", __defaults: [] } }),
    "complies",
  ],
  ["an alarm whose endpoint's name is unknown", stackWith("age", { dimensions: { EndpointName: unknown } }), "unknown"],
  [
    "an alarm that dependencies tie to its endpoint",
    [
      ...stackWithout("age"),
      {
        ...ageAlarm,
        props: { ...ageAlarm.props, dimensions: { EndpointName: unknown } },
        dependsOn: { dimensions: ["endpoint"] },
      },
    ],
    "complies",
  ],
  [
    "an unknown alarm before one without data",
    [
      alarm("first", "ApproximateBacklogSize", { dimensions: { EndpointName: unknown } }),
      ...stackWith("failures", { dimensions: { EndpointName: "e" } }),
    ],
    /^failures: /,
  ],
  [
    "a backlog alarm alone, with a dimension too many",
    [alarm("far", "ApproximateBacklogSize", { dimensions: both })],
    /far: ApproximateBacklogSize has/,
  ],
  [
    "alarms on a real-time endpoint",
    [
      ...realTimeStack.filter(({ name }) => ["endpoint", "settings"].includes(name)),
      alarm("calls", "Invocations", { dimensions: both }),
      { ...failureAlarm, props: { ...failureAlarm.props, metricName: "ModelLatency" } },
    ],
    "not applicable",
  ],
  [
    "an endpoint nobody has, where another region has endpoints as well",
    [
      but({ ...endpoint, name: "far" }, { region: "us-east-1" }),
      but({ ...settings, name: "far-settings" }, { region: "us-east-1" }),
      ...stackWith("age", { dimensions: { EndpointName: "x" } }),
    ],
    /x is no asynchronous endpoint of this stack/,
  ],
  [
    "metric math of an unknown metric before one without data",
    [
      ...wholeStack,
      but(math({}), {
        metricQueries: [
          { id: "a", metric: { namespace: unknown, metricName: "ExpiredRequests", dimensions: both } },
          { id: "b", metric: { namespace: "AWS/SageMaker", metricName: "ApproximateBacklogSize", dimensions: both } },
        ],
      }),
    ],
    /math: ApproximateBacklogSize has/,
  ],
]);
