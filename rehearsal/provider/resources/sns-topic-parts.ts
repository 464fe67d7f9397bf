import { unlessGone } from "../aws-calls";
import { RefusedCall } from "../failures";
import {
  arn,
  choice,
  chosenByAws,
  document,
  fallback,
  flag,
  replaces,
  required,
  text,
  untold,
  whole,
} from "../property";
import { defineResource } from "../resource-type";
import { attributesOf, propertiesOf } from "./attributes";
import { snsGone } from "./sns-topic";

/** Who may publish to and subscribe to a topic. Its id is the topic's ARN. */
export const snsTopicPolicy = defineResource({
  token: "aws:sns/topicPolicy:TopicPolicy",
  regional: true,
  importForm: "<topic ARN>",
  inputs: { arn: required(replaces(arn("sns"))), policy: required(document()) },
  computed: ["owner"],
  async create({ aws, exists }, inputs) {
    await aws.sns.setTopicAttributes({
      TopicArn: inputs.arn,
      AttributeName: "Policy",
      AttributeValue: inputs.policy,
    });
    exists(inputs.arn);
    return inputs.arn;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone(snsGone, () => aws.sns.getTopicAttributes({ TopicArn: id }));
    if (answer?.Attributes?.Policy === undefined) return undefined;
    return { arn: id, owner: answer.Attributes.Owner, policy: answer.Attributes.Policy };
  },
  async update({ aws }, { id }, { policy }) {
    await aws.sns.setTopicAttributes({ TopicArn: id, AttributeName: "Policy", AttributeValue: policy });
  },
  async delete({ aws, accountId }, { id }) {
    // AWS keeps no topic without a policy: the provider puts back the one that a topic is born with.
    await unlessGone(snsGone, () =>
      aws.sns.setTopicAttributes({
        TopicArn: id,
        AttributeName: "Policy",
        AttributeValue: JSON.stringify(defaultTopicPolicy(id, accountId)),
      }),
    );
  },
});

/** The policy of a topic that was given none: its owner's account may do everything with it. */
export function defaultTopicPolicy(topicArn: string, accountId: string): object {
  return {
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: topicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": accountId } },
      },
    ],
  };
}

const attributes = {
  deliveryPolicy: "DeliveryPolicy",
  filterPolicy: "FilterPolicy",
  filterPolicyScope: "FilterPolicyScope",
  rawMessageDelivery: "RawMessageDelivery",
  redrivePolicy: "RedrivePolicy",
  subscriptionRoleArn: "SubscriptionRoleArn",
} as const;

const subscription = {
  confirmationTimeoutInMinutes: untold(fallback(1, whole({ min: 1 }))),
  deliveryPolicy: document(),
  endpoint: required(replaces(text({ minLength: 1 }))),
  endpointAutoConfirms: untold(fallback(false, flag())),
  filterPolicy: document(),
  filterPolicyScope: chosenByAws(choice(["MessageAttributes", "MessageBody"])),
  protocol: required(
    replaces(choice(["sqs", "email", "email-json", "http", "https", "lambda", "sms", "firehose", "application"])),
  ),
  rawMessageDelivery: fallback(false, flag()),
  redrivePolicy: document(),
  subscriptionRoleArn: arn("iam"),
  topic: required(replaces(arn("sns"))),
};

/** Who hears what is published to a topic. Its id is its ARN; one that waits for confirmation has none of its own yet. */
export const snsTopicSubscription = defineResource({
  token: "aws:sns/topicSubscription:TopicSubscription",
  regional: true,
  importForm: "<subscription ARN>",
  inputs: subscription,
  computed: ["arn", "confirmationWasAuthenticated", "ownerId", "pendingConfirmation"],
  async create({ aws, exists }, inputs) {
    const wanted = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== false));
    const { SubscriptionArn = "" } = await aws.sns.subscribe({
      TopicArn: inputs.topic,
      Protocol: inputs.protocol,
      Endpoint: inputs.endpoint,
      Attributes: attributesOf(attributes, wanted),
      ReturnSubscriptionArn: true,
    });
    exists(SubscriptionArn);
    return SubscriptionArn;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone(snsGone, () => aws.sns.getSubscriptionAttributes({ SubscriptionArn: id }));
    const told = answer?.Attributes;
    if (told === undefined) return undefined;
    return {
      arn: id,
      endpoint: told.Endpoint,
      protocol: told.Protocol,
      topic: told.TopicArn,
      ownerId: told.Owner,
      pendingConfirmation: told.PendingConfirmation === "true",
      confirmationWasAuthenticated: told.ConfirmationWasAuthenticated === "true",
      ...propertiesOf(attributes, subscription, told),
    };
  },
  async update({ aws }, { id, inputs: before }, inputs) {
    const old = attributesOf(attributes, before);
    const fresh = attributesOf(attributes, inputs);
    // The scope first: a filter policy is read by the scope that stands.
    for (const name of new Set(["FilterPolicyScope", ...Object.keys(old), ...Object.keys(fresh)])) {
      if (old[name] === fresh[name]) continue;
      await aws.sns.setSubscriptionAttributes({
        SubscriptionArn: id,
        AttributeName: name,
        AttributeValue: fresh[name] ?? "",
      });
    }
  },
  async delete({ aws }, { id }) {
    try {
      await unlessGone(snsGone, () => aws.sns.unsubscribe({ SubscriptionArn: id }));
    } catch (cause) {
      // One that was never confirmed cannot be taken back; AWS's provider lets it go with its topic.
      if (!(cause instanceof RefusedCall && cause.message.includes("pending confirmation"))) throw cause;
    }
  },
});
