import { inner, textAt } from "../async-resources";
import { inTurn, looksAtAsyncConfigs, type ResourceRule } from "../rule";

export const topicsAreStandard: ResourceRule = {
  name: "topics-are-standard",
  group: "notifications",
  displayName: "Topics are standard topics",
  description: "An asynchronous endpoint configuration names no FIFO topic.",
  why: "AWS documents no FIFO topics for asynchronous inference, and a notice that cannot be published is lost without a word to the caller.",
  notJudged: "Whether AWS takes such a topic all the same: that is not documented either way.",
  severity: "low",
  enforcementLevel: "advisory",
  controls: [],
  remediationSteps: "Name standard topics, whose names do not end in .fifo.",
  validateResource: looksAtAsyncConfigs((async, report) => {
    const notification = inner(async, "outputConfig", "notificationConfig");
    inTurn(
      (["successTopic", "errorTopic"] as const).map((key) => () => {
        if (textAt(notification, key)?.endsWith(".fifo")) report(`${key} is a FIFO topic.`);
      }),
    );
  }),
};
