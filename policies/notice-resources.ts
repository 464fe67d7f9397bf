import type { PolicyResource } from "@pulumi/policy";
import { asyncConfig, inner } from "./async-resources";
import { comesFrom, isNamed, knownText, refersTo } from "./links";
import { oncePerStack } from "./per-stack";
import { ofType } from "./rule";
import { asyncConfigsOf } from "./storage-resources";

/** Where notices go through. */
export const noticeTypes = {
  topic: "aws:sns/topic:Topic",
  topicPolicy: "aws:sns/topicPolicy:TopicPolicy",
  subscription: "aws:sns/topicSubscription:TopicSubscription",
  queue: "aws:sqs/queue:Queue",
  queuePolicy: "aws:sqs/queuePolicy:QueuePolicy",
  redrivePolicy: "aws:sqs/redrivePolicy:RedrivePolicy",
} as const;

/** The topic ARNs an asynchronous endpoint names, as far as they are known. */
export function topicArnsOf(config: PolicyResource): string[] {
  const notification = inner(asyncConfig(config.props), "outputConfig", "notificationConfig");
  return (["successTopic", "errorTopic"] as const).flatMap((key) => knownText(notification, key) ?? []);
}

/** Whether an asynchronous endpoint publishes to a topic of the stack. */
function publishesTo(config: PolicyResource, topic: PolicyResource): boolean {
  return comesFrom(config, "asyncInferenceConfig", topic) || topicArnsOf(config).some((arn) => isNamed(topic, arn));
}

/** The stack's topics that its asynchronous endpoints publish to. */
export const asyncTopicsOf = oncePerStack((resources): readonly PolicyResource[] => {
  const configs = asyncConfigsOf(resources);
  return ofType(resources, noticeTypes.topic).filter((topic) => configs.some((config) => publishesTo(config, topic)));
});

/** A queue of the stack that hears topics of asynchronous endpoints, and the endpoints it hears. */
export interface NoticeQueue {
  readonly queue: PolicyResource;
  readonly configs: readonly PolicyResource[];
}

/** The stack's queues behind the topics of its asynchronous endpoints. */
export const noticeQueuesOf = oncePerStack((resources): readonly NoticeQueue[] => {
  const configs = asyncConfigsOf(resources);
  const topics = asyncTopicsOf(resources).map((topic) => ({
    topic,
    publishing: configs.filter((config) => publishesTo(config, topic)),
  }));
  const hearing = ofType(resources, noticeTypes.subscription)
    .filter(({ props }) => knownText(props, "protocol") === "sqs")
    .map((subscription) => ({
      subscription,
      heard: [
        ...topics.filter(({ topic }) => refersTo(subscription, "topic", topic)).flatMap((each) => each.publishing),
        ...configs.filter((config) => topicArnsOf(config).includes(knownText(subscription.props, "topic") ?? "")),
      ],
    }));
  return ofType(resources, noticeTypes.queue)
    .map((queue) => ({
      queue,
      configs: [
        ...new Set(
          hearing
            .filter(({ subscription, heard }) => heard.length > 0 && refersTo(subscription, "endpoint", queue))
            .flatMap(({ heard }) => heard),
        ),
      ],
    }))
    .filter(({ configs: heard }) => heard.length > 0);
});

/** What SQS takes where a queue names no retention: four days (SQS guide, SetQueueAttributes). */
const retentionSecondsDefault = 345_600;

/** How long a queue keeps a message. */
export function retentionSecondsOf({ props }: PolicyResource): number {
  return Number(props.messageRetentionSeconds ?? retentionSecondsDefault);
}

/** The policies of a topic, queue or key: its own property, and the resources beside it that name it at `property`. */
export function policiesOf(
  whole: PolicyResource,
  resources: readonly PolicyResource[],
  type: string,
  property: string,
): unknown[] {
  const beside = ofType(resources, type).filter((each) => refersTo(each, property, whole));
  return [whole, ...beside].flatMap(({ props }) => ("policy" in props ? [props.policy] : []));
}
