import type { ResourceValidationPolicy } from "@pulumi/policy";
import { inner, textAt } from "../async-resources";
import { looksAtAsyncConfigs } from "../rule";

/** Without both topics a caller can only poll, and a failure is never told at all. Who listens is not judged. */
export const resultsAreTold: ResourceValidationPolicy = {
  name: "results-are-told",
  displayName: "Success and error topics are set and distinct",
  description:
    "An asynchronous endpoint configuration names a success topic and another error topic, in the endpoint's region.",
  severity: "high",
  enforcementLevel: "mandatory",
  tags: ["notifications"],
  remediationSteps:
    "Set asyncInferenceConfig.outputConfig.notificationConfig.successTopic and .errorTopic to two topics of the endpoint's region.",
  validateResource: looksAtAsyncConfigs((async, report, _args, props) => {
    const notification = inner(async, "outputConfig", "notificationConfig");
    for (const name of ["successTopic", "errorTopic"] as const) {
      const set = notification !== undefined && name in notification;
      if (!set) report(`outputConfig.notificationConfig.${name} is missing.`);
    }
    const success = textAt(notification, "successTopic");
    const error = textAt(notification, "errorTopic");
    if (success !== undefined && success === error)
      report("successTopic and errorTopic are one topic: successes and errors cannot be told apart by subscription.");
    const region = textAt(props, "region");
    for (const [name, topic] of [["successTopic", success] as const, ["errorTopic", error] as const]) {
      const topicRegion = topic?.split(":")[3];
      if (region !== undefined && topicRegion !== undefined && topicRegion !== region) {
        report(`${name} is in ${topicRegion}, the endpoint in ${region}.`);
      }
    }
  }),
};
