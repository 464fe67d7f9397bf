import { but, configuration, named } from "../../support/hand-written";
import { realTimeStack, stackWithout, tracking, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const stack = (concurrency: unknown, targetValue: unknown, tags?: object) => {
  const { asyncInferenceConfig, ...props } = configuration().props as { asyncInferenceConfig: object };
  const settings = but(named("settings", { type: configuration().type, props }), {
    name: "c",
    asyncInferenceConfig: {
      ...asyncInferenceConfig,
      clientConfig: { maxConcurrentInvocationsPerInstance: concurrency },
    },
    ...(tags === undefined ? {} : { tags }),
  });
  return [
    ...stackWithout("settings", "tracking"),
    settings,
    tracking({
      targetValue,
      customizedMetricSpecification: { metricName: "ApproximateBacklogSizePerInstance" },
    }),
  ];
};
const shortLived = { "async-fleet:invocation-timeout-seconds": "900", "async-fleet:time-to-live-seconds": "1800" };

judgesStack("backlog-target-fits-the-concurrency", [
  ["four times the concurrency", stack(2, 8), "complies"],
  [
    "more than four times",
    stack(2, 9),
    /^e in eu-west-1: tracking aims at 9 requests per instance, above 4 times 2 at once\.$/,
  ],
  ["as many times as the parameter says", stack(2, 9), "complies", { timesConcurrency: 5 }],
  ["as much work as a request lives", stack(1, 2, shortLived), "complies"],
  [
    "more work than a request lives",
    stack(1, 3, shortLived),
    /up to 2700 seconds of work per instance, and requests live 1800/,
  ],
  ["work that no declaration bounds", stack(1, 4, {}), "complies"],
  ["an unknown target", stack(2, unknown), "unknown"],
  ["a concurrency that SageMaker chooses", wholeStack, "not applicable"],
  ["a real-time endpoint", realTimeStack, "not applicable"],
  ["no backlog policy", stack(2, 5).filter(({ name }) => name !== "tracking"), "not applicable"],
  [
    "an unknown target before one too high",
    [
      ...stack(2, unknown),
      ...stack(2, 9).flatMap((each) => (each.name === "tracking" ? [{ ...each, name: "second" }] : [])),
    ],
    /second aims at 9/,
  ],
]);
