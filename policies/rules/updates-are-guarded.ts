import { looksAtAsyncEndpoints } from "../async-endpoints";
import { inner, isSet, listAt, textAt } from "../async-resources";
import type { StackRule } from "../rule";

export const updatesAreGuarded: StackRule = {
  name: "updates-are-guarded",
  group: "rollout",
  displayName: "Updates roll back by themselves",
  description: "Each asynchronous endpoint has a deployment configuration with alarms that roll an update back.",
  why: "Without guardrails a model that answers pings and fails every request replaces the one that worked, and stays.",
  notJudged: "Endpoints on ml.inf1, which take no guardrails, and whether the alarms are the right ones.",
  severity: "low",
  enforcementLevel: "advisory",
  controls: [],
  remediationSteps:
    "Set deploymentConfig with blueGreenUpdatePolicy or rollingUpdatePolicy and autoRollbackConfiguration.alarms.",
  validateStack: looksAtAsyncEndpoints(
    "asynchronous endpoint that takes guardrails",
    ({ endpoint, configuration }, say) => {
      const variants = listAt(configuration.props, "productionVariants");
      if (variants.some((variant) => (textAt(variant, "instanceType") ?? "").startsWith("ml.inf1."))) return false;
      const deployment = inner(endpoint.props, "deploymentConfig");
      const policy = isSet(deployment, "blueGreenUpdatePolicy") || isSet(deployment, "rollingUpdatePolicy");
      const rollback = inner(deployment, "autoRollbackConfiguration");
      if (!policy) say("deploymentConfig has no update policy.");
      else if (rollback === undefined || listAt(rollback, "alarms").length === 0)
        say("deploymentConfig has no alarm that rolls an update back.");
      return true;
    },
  ),
};
