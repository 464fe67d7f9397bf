import { ageAlarm, realTimeStack, stackWith, stackWithout, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judgesStack("endpoint-is-watched", [
  ["an alarm on each", wholeStack, "complies"],
  [
    "none on expired and on failed requests",
    stackWithout("expired", "failures"),
    /^e in eu-west-1: no alarm on InvocationFailures, ExpiredRequests\.$/,
  ],
  [
    "one on another endpoint",
    stackWith("age", { dimensions: { EndpointName: "x" } }),
    /no alarm on ApproximateAgeOfOldestRequest/,
  ],
  ["one in another region", stackWith("age", { region: "us-east-1" }), /no alarm on ApproximateAgeOfOldestRequest/],
  ["an alarm that only wakes", stackWithout("without-capacity"), /no alarm on HasBacklogWithoutCapacity/],
  [
    "no alarm on capacity where there always is some",
    stackWith("target", { minCapacity: 1 }).filter(({ name }) => name !== "without-capacity"),
    "complies",
  ],
  [
    "a metric that the parameter adds",
    wholeStack,
    /no alarm on TimeInBacklog\.$/,
    { metrics: ["ExpiredRequests", "TimeInBacklog"] },
  ],
  ["a list of none", stackWithout("age", "failures"), "complies", { metrics: [] }],
  [
    "metric math",
    [
      ...stackWithout("age"),
      {
        ...ageAlarm,
        props: {
          region: "eu-west-1",
          metricQueries: [
            { id: "a", metric: { metricName: "ApproximateAgeOfOldestRequest", dimensions: { EndpointName: "e" } } },
          ],
        },
      },
    ],
    "complies",
  ],
  ["an alarm on an unknown metric", stackWith("age", { metricName: unknown }), "unknown"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
  [
    "a target without a minimum",
    stackWith("target", { minCapacity: undefined }).filter(({ name }) => name !== "without-capacity"),
    /no alarm on HasBacklogWithoutCapacity/,
  ],
]);
