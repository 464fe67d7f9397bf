import { inner, textAt } from "../async-resources";
import { inTurn, looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const resultsAreTold: ResourceRule = {
  name: "results-are-told",
  group: "notifications",
  displayName: "Success and error topics are set and distinct",
  description:
    "An asynchronous endpoint configuration names a success topic and another error topic, in the endpoint's region.",
  why: "Without both topics a caller can only poll, and a failure is never told at all.",
  notJudged: "Who listens to the topics, and whether the endpoint may publish to them.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps:
    "Set asyncInferenceConfig.outputConfig.notificationConfig.successTopic and .errorTopic to two topics of the endpoint's region.",
  validateResource: looksAtAsyncConfigs((async, report, _args, props) => {
    const notification = inner(async, "outputConfig", "notificationConfig");
    const success = (): string | undefined => textAt(notification, "successTopic");
    const error = (): string | undefined => textAt(notification, "errorTopic");
    const present = (name: "successTopic" | "errorTopic"): void => {
      if (notification === undefined || !(name in notification))
        report(`outputConfig.notificationConfig.${name} is missing.`);
    };
    const inRegion = (name: string, topic: string | undefined): void => {
      const region = textAt(props, "region");
      const topicRegion = topic?.split(":")[3];
      if (region !== undefined && topicRegion !== undefined && topicRegion !== region)
        report(`${name} is in ${topicRegion}, the endpoint in ${region}.`);
    };
    inTurn([
      () => present("successTopic"),
      () => present("errorTopic"),
      () => inRegion("successTopic", success()),
      () => inRegion("errorTopic", error()),
      () => {
        if (success() !== undefined && success() === error())
          report(
            "successTopic and errorTopic are one topic: successes and errors cannot be told apart by subscription.",
          );
      },
    ]);
  }),
};
