import { configurationWithVariant } from "../../support/hand-written";
import { realTimeStack, stackWith, wholeStack } from "../../support/hand-written-stack";
import { judgesStack } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const alarms = [{ alarmName: "age" }];
const deploying = (deploymentConfig: unknown) => stackWith("endpoint", { deploymentConfig });
const blueGreenUpdatePolicy = { trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 0 } };

judgesStack("updates-are-guarded", [
  ["blue/green with an alarm", deploying({ blueGreenUpdatePolicy, autoRollbackConfiguration: { alarms } }), "complies"],
  ["rolling with an alarm", deploying({ rollingUpdatePolicy: {}, autoRollbackConfiguration: { alarms } }), "complies"],
  ["nothing", wholeStack, /^e in eu-west-1: deploymentConfig has no update policy\.$/],
  ["null, as a provider tells of nothing", deploying(null), /no update policy/],
  ["alarms without a policy", deploying({ autoRollbackConfiguration: { alarms } }), /no update policy/],
  ["a policy without alarms", deploying({ blueGreenUpdatePolicy }), /no alarm that rolls an update back/],
  [
    "an empty list of alarms",
    deploying({ blueGreenUpdatePolicy, autoRollbackConfiguration: { alarms: [] } }),
    /no alarm that rolls/,
  ],
  ["an unknown configuration", deploying(unknown), "unknown"],
  [
    "an instance family without guardrails",
    stackWith("settings", configurationWithVariant({ instanceType: "ml.inf1.xlarge" }).props),
    "not applicable",
  ],
  ["a real-time endpoint", realTimeStack, "not applicable"],
]);
