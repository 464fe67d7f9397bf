import { types } from "../../../policies/async-resources";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const deploying = (deploymentConfig: object | undefined) => ({ type: types.endpoint, props: { deploymentConfig } });
const percent = (value: unknown) => ({ type: "CAPACITY_PERCENT", value });
const routed = (routing: object, more: object = {}) =>
  deploying({
    blueGreenUpdatePolicy: { trafficRoutingConfiguration: { waitIntervalInSeconds: 300, ...routing }, ...more },
  });
const canary = (value: unknown, more: object = {}) => routed({ type: "CANARY", canarySize: percent(value) }, more);
const linear = (value: unknown, more: object = {}) => routed({ type: "LINEAR", linearStepSize: percent(value) }, more);
const rolling = (value: unknown, more: object = {}) =>
  deploying({ rollingUpdatePolicy: { maximumBatchSize: percent(value), waitIntervalInSeconds: 60, ...more } });

judges("update-steps-are-within-limits", [
  ["half as canary", canary(50), "complies"],
  ["more than half as canary", canary(51), /^canarySize is 51 %, not 1 to 50 %\.$/],
  ["a tenth at a time", linear(10), "complies"],
  ["less than a tenth at a time", linear(9), /linearStepSize is 9 %, not 10 to 50 %/],
  ["batches of a twentieth", rolling(5), "complies"],
  ["batches of less", rolling(4), /maximumBatchSize is 4 %, not 5 to 50 %/],
  [
    "a canary of one instance",
    routed({ type: "CANARY", canarySize: { type: "INSTANCE_COUNT", value: 1 } }),
    "complies",
  ],
  [
    "a canary of no instance",
    routed({ type: "CANARY", canarySize: { type: "INSTANCE_COUNT", value: 0 } }),
    /canarySize is 0 instances/,
  ],
  ["a canary without a size", routed({ type: "CANARY" }), /canarySize is missing with CANARY/],
  [
    "all at once with a size",
    routed({ type: "ALL_AT_ONCE", canarySize: percent(10) }),
    /canarySize is set with ALL_AT_ONCE/,
  ],
  [
    "a wait of more than an hour",
    canary(10, { terminationWaitInSeconds: 3601 }),
    /terminationWaitInSeconds is 3601, not 0 to 3600/,
  ],
  [
    "a whole of less than ten minutes",
    rolling(10, { maximumExecutionTimeoutInSeconds: 599 }),
    /is 599, not 600 to 14400/,
  ],
  [
    "a whole as long as its waits",
    canary(10, { terminationWaitInSeconds: 600, maximumExecutionTimeoutInSeconds: 900 }),
    "complies",
  ],
  [
    "a whole shorter than its waits",
    canary(10, { terminationWaitInSeconds: 601, maximumExecutionTimeoutInSeconds: 900 }),
    /its waits take 901 seconds, and the whole update may take 900/,
  ],
  [
    "linear waits after each step but the last",
    linear(25, { maximumExecutionTimeoutInSeconds: 899 }),
    /its waits take 900/,
  ],
  [
    "both policies",
    deploying({
      blueGreenUpdatePolicy: { trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 0 } },
      rollingUpdatePolicy: { maximumBatchSize: percent(10), waitIntervalInSeconds: 0 },
    }),
    /are both set/,
  ],
  ["an unknown size beside a wait too long", canary(unknown, { terminationWaitInSeconds: 3601 }), /is 3601/],
  ["an unknown size", canary(unknown), "unknown"],
  ["no deployment configuration", deploying(undefined), "not applicable"],
  ["the longest wait", canary(10, { terminationWaitInSeconds: 3600 }), "complies"],
  ["the shortest whole", rolling(10, { maximumExecutionTimeoutInSeconds: 600 }), "complies"],
  ["no wait", routed({ type: "ALL_AT_ONCE", waitIntervalInSeconds: 0 }), "complies"],
  [
    "linear steps of one instance",
    routed(
      { type: "LINEAR", linearStepSize: { type: "INSTANCE_COUNT", value: 1 } },
      { maximumExecutionTimeoutInSeconds: 600 },
    ),
    "complies",
  ],
]);
