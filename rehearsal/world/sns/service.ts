import type * as sdk from "@aws-sdk/client-sns";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { Partitions } from "../partitions";
import { fromTagList, TagStore, toTagList } from "../tags";
import type { World } from "../world";
import { BadFilterPolicy, parseFilterPolicy, passes } from "./filter-policy";

interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
  readonly attributes: Map<string, string>;
}

interface TopicState {
  readonly arn: string;
  readonly attributes: Map<string, string>;
  readonly subscriptions: Map<string, Subscription>;
}

const topicAttributes = [
  "Policy",
  "DisplayName",
  "KmsMasterKeyId",
  "DeliveryPolicy",
  "SignatureVersion",
  "TracingConfig",
  "FifoTopic",
  "ContentBasedDeduplication",
  "ArchivePolicy",
] as const;
const subscriptionAttributes = [
  "RawMessageDelivery",
  "FilterPolicy",
  "FilterPolicyScope",
  "DeliveryPolicy",
  "RedrivePolicy",
  "SubscriptionRoleArn",
];
const protocols = ["sqs", "lambda", "http", "https", "email", "email-json", "sms", "application", "firehose"];
const messageBytesMax = 262_144;

/** Simple Notification Service, standard topics. Delivers to SQS; other protocols are recorded and wait for their confirmation. */
export class Sns {
  private readonly regions = new Partitions<Map<string, TopicState>>(() => new Map());
  private readonly tags = new TagStore();

  constructor(private readonly world: World) {}

  async createTopic(call: Call, input: sdk.CreateTopicCommandInput): Promise<Answer<sdk.CreateTopicCommandOutput>> {
    const name = input.Name ?? "";
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalid("Topic Name");
    const arn = `arn:aws:sns:${call.region}:${call.accountId}:${name}`;
    const topics = this.regions.of(call);
    const state = topics.get(arn) ?? { arn, attributes: new Map<string, string>(), subscriptions: new Map() };
    for (const [key, value] of Object.entries(input.Attributes ?? {})) this.setAttribute(state, key, value);
    topics.set(arn, state);
    this.tags.put(arn, fromTagList(input.Tags));
    return { TopicArn: arn };
  }

  /** Deleting a topic that is not there succeeds, as at AWS. */
  async deleteTopic(call: Call, input: sdk.DeleteTopicCommandInput): Promise<Answer<sdk.DeleteTopicCommandOutput>> {
    this.regions.of(call).delete(input.TopicArn ?? "");
    this.tags.forget(input.TopicArn ?? "");
    return {};
  }

  async listTopics(call: Call, _input: sdk.ListTopicsCommandInput): Promise<Answer<sdk.ListTopicsCommandOutput>> {
    return { Topics: [...this.regions.of(call).keys()].map((TopicArn) => ({ TopicArn })) };
  }

  async getTopicAttributes(
    call: Call,
    input: sdk.GetTopicAttributesCommandInput,
  ): Promise<Answer<sdk.GetTopicAttributesCommandOutput>> {
    const topic = this.topic(call, input.TopicArn);
    const confirmed = [...topic.subscriptions.values()].filter((each) => each.confirmed).length;
    return {
      Attributes: {
        DisplayName: "",
        Policy: defaultPolicy(topic.arn, call.accountId),
        ...Object.fromEntries(topic.attributes),
        TopicArn: topic.arn,
        Owner: call.accountId,
        SubscriptionsConfirmed: String(confirmed),
        SubscriptionsPending: String(topic.subscriptions.size - confirmed),
        SubscriptionsDeleted: "0",
      },
    };
  }

  async setTopicAttributes(
    call: Call,
    input: sdk.SetTopicAttributesCommandInput,
  ): Promise<Answer<sdk.SetTopicAttributesCommandOutput>> {
    this.setAttribute(this.topic(call, input.TopicArn), input.AttributeName ?? "", input.AttributeValue ?? "");
    return {};
  }

  async subscribe(call: Call, input: sdk.SubscribeCommandInput): Promise<Answer<sdk.SubscribeCommandOutput>> {
    const topic = this.topic(call, input.TopicArn);
    const protocol = input.Protocol ?? "";
    const endpoint = input.Endpoint ?? "";
    if (!protocols.includes(protocol)) throw invalid(`Does not support this protocol string: ${protocol}`);
    if (protocol === "sqs" && !/^arn:aws:sqs:[a-z0-9-]+:\d{12}:.+$/.test(endpoint)) throw invalid("SQS endpoint ARN");
    if (/^https?$/.test(protocol) && !endpoint.startsWith(`${protocol}://`))
      throw invalid("Endpoint must match the specified protocol");
    const same = [...topic.subscriptions.values()].find(
      (each) => each.protocol === protocol && each.endpoint === endpoint,
    );
    if (same !== undefined) return { SubscriptionArn: same.arn };
    const confirmed = protocol === "sqs" || protocol === "lambda";
    const subscription: Subscription = {
      arn: `${topic.arn}:${this.world.ids.uuid()}`,
      topicArn: topic.arn,
      protocol,
      endpoint,
      confirmed,
      attributes: new Map(),
    };
    for (const [key, value] of Object.entries(input.Attributes ?? {}))
      setSubscriptionAttribute(subscription, key, value);
    topic.subscriptions.set(subscription.arn, subscription);
    return {
      SubscriptionArn: confirmed || input.ReturnSubscriptionArn === true ? subscription.arn : "pending confirmation",
    };
  }

  async unsubscribe(call: Call, input: sdk.UnsubscribeCommandInput): Promise<Answer<sdk.UnsubscribeCommandOutput>> {
    for (const topic of this.regions.of(call).values()) topic.subscriptions.delete(input.SubscriptionArn ?? "");
    return {};
  }

  async getSubscriptionAttributes(
    call: Call,
    input: sdk.GetSubscriptionAttributesCommandInput,
  ): Promise<Answer<sdk.GetSubscriptionAttributesCommandOutput>> {
    const found = this.subscription(call, input.SubscriptionArn);
    return {
      Attributes: {
        RawMessageDelivery: "false",
        ...(found.attributes.has("FilterPolicy") ? { FilterPolicyScope: "MessageAttributes" } : {}),
        ...Object.fromEntries(found.attributes),
        SubscriptionArn: found.arn,
        TopicArn: found.topicArn,
        Protocol: found.protocol,
        Endpoint: found.endpoint,
        Owner: call.accountId,
        PendingConfirmation: String(!found.confirmed),
        ConfirmationWasAuthenticated: String(found.confirmed),
      },
    };
  }

  async setSubscriptionAttributes(
    call: Call,
    input: sdk.SetSubscriptionAttributesCommandInput,
  ): Promise<Answer<sdk.SetSubscriptionAttributesCommandOutput>> {
    setSubscriptionAttribute(
      this.subscription(call, input.SubscriptionArn),
      input.AttributeName ?? "",
      input.AttributeValue ?? "",
    );
    return {};
  }

  async listSubscriptionsByTopic(
    call: Call,
    input: sdk.ListSubscriptionsByTopicCommandInput,
  ): Promise<Answer<sdk.ListSubscriptionsByTopicCommandOutput>> {
    const { subscriptions } = this.topic(call, input.TopicArn);
    return {
      Subscriptions: [...subscriptions.values()].map(({ arn, topicArn, protocol, endpoint, confirmed }) => ({
        SubscriptionArn: confirmed ? arn : "PendingConfirmation",
        TopicArn: topicArn,
        Protocol: protocol,
        Endpoint: endpoint,
        Owner: call.accountId,
      })),
    };
  }

  async publish(call: Call, input: sdk.PublishCommandInput): Promise<Answer<sdk.PublishCommandOutput>> {
    const topic = this.topic(call, input.TopicArn ?? input.TargetArn);
    const message = input.Message ?? "";
    if (message === "") throw invalid("Empty message");
    if (Buffer.byteLength(message) > messageBytesMax) throw invalid("Message too long");
    this.authorize(call, topic, "sns:Publish");
    const key = topic.attributes.get("KmsMasterKeyId");
    if (key !== undefined) this.useKey(call, key);
    const id = this.world.ids.uuid();
    this.world.journal.add(this.world.clock.now(), call, { kind: "notice", topicArn: topic.arn, ...noticeOf(message) });
    const attributes = Object.fromEntries(
      Object.entries(input.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue ?? ""]),
    );
    for (const subscription of topic.subscriptions.values())
      await this.deliver(call, topic, subscription, id, input, attributes);
    return { MessageId: id };
  }

  async tagResource(_call: Call, input: sdk.TagResourceCommandInput): Promise<Answer<sdk.TagResourceCommandOutput>> {
    this.tags.put(input.ResourceArn ?? "", fromTagList(input.Tags));
    return {};
  }

  async untagResource(
    _call: Call,
    input: sdk.UntagResourceCommandInput,
  ): Promise<Answer<sdk.UntagResourceCommandOutput>> {
    this.tags.remove(input.ResourceArn ?? "", input.TagKeys ?? []);
    return {};
  }

  async listTagsForResource(
    call: Call,
    input: sdk.ListTagsForResourceCommandInput,
  ): Promise<Answer<sdk.ListTagsForResourceCommandOutput>> {
    return { Tags: toTagList(this.tags.of(this.topic(call, input.ResourceArn).arn)) };
  }

  /** A queue that does not let the topic in gets nothing; SNS tells nobody but its own metrics. */
  private async deliver(
    call: Call,
    topic: TopicState,
    subscription: Subscription,
    id: string,
    input: sdk.PublishCommandInput,
    attributes: Readonly<Record<string, string>>,
  ): Promise<void> {
    if (!subscription.confirmed || subscription.protocol !== "sqs") return;
    const filter = subscription.attributes.get("FilterPolicy");
    const scope = subscription.attributes.get("FilterPolicyScope") ?? "MessageAttributes";
    if (filter !== undefined && !passes(filter, scope, input.Message ?? "", attributes)) return;
    const asTopic: Call = {
      ...call,
      region: subscription.endpoint.split(":")[3] ?? call.region,
      principal: { kind: "service", service: "sns.amazonaws.com", sourceArn: topic.arn },
    };
    const raw = subscription.attributes.get("RawMessageDelivery") === "true";
    try {
      await this.world.sqs.sendMessage(asTopic, {
        QueueUrl: this.world.sqs.urlOfArn(subscription.endpoint),
        MessageBody: raw ? input.Message : this.envelope(call, topic.arn, subscription.arn, id, input),
      });
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      this.world.journal.add(this.world.clock.now(), call, {
        kind: "notice",
        topicArn: topic.arn,
        eventName: `not delivered to ${subscription.endpoint}: ${cause.message}`,
      });
    }
  }

  private envelope(
    call: Call,
    topicArn: string,
    subscriptionArn: string,
    id: string,
    input: sdk.PublishCommandInput,
  ): string {
    const host = `https://sns.${call.region}.amazonaws.com`;
    return JSON.stringify({
      Type: "Notification",
      MessageId: id,
      TopicArn: topicArn,
      ...(input.Subject === undefined ? {} : { Subject: input.Subject }),
      Message: input.Message,
      Timestamp: new Date(this.world.clock.now()).toISOString(),
      SignatureVersion: "1",
      Signature: Buffer.from(`rehearsal:${id}`).toString("base64"),
      SigningCertURL: `${host}/SimpleNotificationService-rehearsal.pem`,
      UnsubscribeURL: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
      ...(input.MessageAttributes === undefined
        ? {}
        : {
            MessageAttributes: Object.fromEntries(
              Object.entries(input.MessageAttributes).map(([name, { DataType, StringValue }]) => [
                name,
                { Type: DataType, Value: StringValue },
              ]),
            ),
          }),
    });
  }

  private authorize(call: Call, topic: TopicState, action: string): void {
    const request = { action, resource: topic.arn };
    const decision = this.world.iam.isAllowed(call, {
      ...request,
      resourcePolicy: topic.attributes.get("Policy") ?? defaultPolicy(topic.arn, call.accountId),
    });
    if (!decision.allowed)
      throw new AwsError("AuthorizationError", this.world.iam.refusal(call, request, decision), 403);
  }

  private useKey(call: Call, key: string): void {
    try {
      this.world.kms.authorizeUse(call, key, "kms:GenerateDataKey", { via: "sns" });
      this.world.kms.authorizeUse(call, key, "kms:Decrypt", { via: "sns" });
    } catch (cause) {
      if (cause instanceof AwsError) throw new AwsError("KMSAccessDenied", cause.message, 400);
      throw cause;
    }
  }

  private setAttribute(topic: TopicState, key: string, value: string | undefined): void {
    if (!(topicAttributes as readonly string[]).includes(key)) throw invalid("AttributeName");
    if (key === "Policy") {
      try {
        JSON.parse(value ?? "");
      } catch {
        throw invalid("Policy Error: null");
      }
    }
    if (value === undefined || value === "") topic.attributes.delete(key);
    else topic.attributes.set(key, value);
  }

  private topic(call: Call, arn: string | undefined): TopicState {
    const state = this.regions.of(call).get(arn ?? "");
    if (state === undefined) throw new AwsError("NotFound", "Topic does not exist", 404);
    return state;
  }

  private subscription(call: Call, arn: string | undefined): Subscription {
    for (const topic of this.regions.of(call).values()) {
      const found = topic.subscriptions.get(arn ?? "");
      if (found !== undefined) return found;
    }
    throw new AwsError("NotFound", "Subscription does not exist", 404);
  }
}

function setSubscriptionAttribute(subscription: Subscription, key: string, value: string | undefined): void {
  if (!subscriptionAttributes.includes(key)) throw invalid("AttributeName");
  if (key === "FilterPolicy" && value !== undefined && value !== "") {
    try {
      parseFilterPolicy(value);
    } catch (cause) {
      if (cause instanceof BadFilterPolicy) throw invalid(cause.message);
      throw cause;
    }
  }
  if (value === undefined || value === "") subscription.attributes.delete(key);
  else subscription.attributes.set(key, value);
}

function noticeOf(message: string): { eventName: string; inferenceId?: string } {
  try {
    const { eventName, inferenceId } = JSON.parse(message) as { eventName?: string; inferenceId?: string };
    return { eventName: eventName ?? "message", ...(inferenceId === undefined ? {} : { inferenceId }) };
  } catch {
    return { eventName: "message" };
  }
}

function defaultPolicy(arn: string, accountId: string): string {
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["SNS:Publish", "SNS:Subscribe", "SNS:GetTopicAttributes", "SNS:SetTopicAttributes"],
        Resource: arn,
        Condition: { StringEquals: { "AWS:SourceOwner": accountId } },
      },
    ],
  });
}

function invalid(what: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${what}`);
}
