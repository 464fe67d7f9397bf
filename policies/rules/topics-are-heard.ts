import { types } from "../async-resources";
import { refersTo } from "../links";
import { asyncTopicsOf, noticeTypes } from "../notice-resources";
import { looksAtStacksWith, ofType, type StackRule } from "../rule";

export const topicsAreHeard: StackRule = {
  name: "topics-are-heard",
  group: "notifications",
  displayName: "Somebody listens to each topic",
  description: "Each topic of the stack that an asynchronous endpoint names has a subscription in the stack.",
  why: "A topic nobody listens to drops every notice: failures go unseen and callers wait in vain.",
  notJudged: "Topics that are not in the stack, subscriptions made elsewhere, and whether subscribers act.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Add a TopicSubscription for the topic, for example with a queue.",
  validateStack: looksAtStacksWith([types.endpointConfiguration], (resources, report, args) => {
    const topics = asyncTopicsOf(resources);
    if (topics.length === 0) return args.notApplicable("no topic of an asynchronous endpoint in the stack");
    const subscriptions = ofType(resources, noticeTypes.subscription);
    for (const topic of topics) {
      if (!subscriptions.some((each) => refersTo(each, "topic", topic)))
        report(`nobody listens to the topic ${topic.name}.`, topic.urn);
    }
  }),
};
