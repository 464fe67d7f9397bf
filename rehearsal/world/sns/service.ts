import type * as sdk from "@aws-sdk/client-sns";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { decide } from "../iam/evaluate";
import { parsePolicy } from "../iam/policy-document";
import { type PageAsked, pageOf } from "../paging";
import { Partitions } from "../partitions";
import { fromTagList, TagStore, toTagList } from "../tags";
import type { World } from "../world";
import { Deliveries, type Subscription } from "./deliveries";
import { passes } from "./filter-policy";
import { checkSubscriber, invalid, setSubscriptionAttribute } from "./subscription-attributes";

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
const messageBytesMax = 262_144;
/** Topics and subscriptions of one page (API reference, ListTopics, read 2026-11-25). */
const pageSize = 100;

/** Simple Notification Service, standard topics. What would leave the machine is recorded instead: see Deliveries. */
export class Sns {
  private readonly regions = new Partitions<Map<string, TopicState>>(() => new Map());
  private readonly tags = new TagStore();

  readonly deliveries: Deliveries;

  constructor(
    private readonly world: World,
    listeners: Readonly<Record<string, string>>,
  ) {
    this.deliveries = new Deliveries(world, listeners);
  }

  /** Ends deliveries that are under way. */
  async close(): Promise<void> {
    await this.deliveries.close();
  }

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

  async listTopics(call: Call, input: sdk.ListTopicsCommandInput): Promise<Answer<sdk.ListTopicsCommandOutput>> {
    const { items, next } = pageOf([...this.regions.of(call).keys()], (arn) => arn, pageAsked(input.NextToken));
    return {
      Topics: items.map((TopicArn) => ({ TopicArn })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
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
    const topic = this.topicOfAnyone(call, input.TopicArn);
    const protocol = input.Protocol ?? "";
    this.letIn(call, topic, "sns:Subscribe", protocol);
    const endpoint = input.Endpoint ?? "";
    checkSubscriber(protocol, endpoint);
    const same = [...topic.subscriptions.values()].find(
      (each) => each.protocol === protocol && each.endpoint === endpoint,
    );
    if (same !== undefined) return { SubscriptionArn: same.arn };
    // Who owns queue or function has confirmed by subscribing it; anybody else must be asked.
    const owner = /^(sqs|lambda)$/.test(protocol) ? endpoint.split(":")[4] : undefined;
    const subscription: Subscription = {
      arn: `${topic.arn}:${this.world.ids.uuid()}`,
      topicArn: topic.arn,
      protocol,
      endpoint,
      owner: call.accountId,
      confirmed: owner === call.accountId,
      token: this.world.ids.hex(64),
      attributes: new Map(),
    };
    const given = Object.entries(input.Attributes ?? {});
    // A filter policy is read by the scope it is given with.
    given.sort(([left], [right]) => Number(right === "FilterPolicyScope") - Number(left === "FilterPolicyScope"));
    for (const [key, value] of given) setSubscriptionAttribute(subscription, key, value);
    topic.subscriptions.set(subscription.arn, subscription);
    if (!subscription.confirmed) await this.deliveries.askToConfirm(call, subscription);
    return {
      SubscriptionArn:
        subscription.confirmed || input.ReturnSubscriptionArn === true ? subscription.arn : "pending confirmation",
    };
  }

  async confirmSubscription(
    call: Call,
    input: sdk.ConfirmSubscriptionCommandInput,
  ): Promise<Answer<sdk.ConfirmSubscriptionCommandOutput>> {
    const topic = this.topicOfAnyone(call, input.TopicArn);
    const found = [...topic.subscriptions.values()].find(({ token }) => token === input.Token);
    if (found === undefined) throw invalid("Token");
    found.confirmed = true;
    return { SubscriptionArn: found.arn };
  }

  /** One that waits for its confirmation cannot be taken back: it goes with its topic, or after days. */
  async unsubscribe(call: Call, input: sdk.UnsubscribeCommandInput): Promise<Answer<sdk.UnsubscribeCommandOutput>> {
    for (const topic of this.regions.of(call).values()) {
      if (topic.subscriptions.get(input.SubscriptionArn ?? "")?.confirmed === false) {
        throw invalid("This subscription is pending confirmation and cannot be unsubscribed");
      }
      topic.subscriptions.delete(input.SubscriptionArn ?? "");
    }
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
        Owner: found.owner,
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
    const { items, next } = pageOf([...subscriptions.values()], ({ arn }) => arn, pageAsked(input.NextToken));
    return {
      ...(next === undefined ? {} : { NextToken: next }),
      Subscriptions: items.map(({ arn, topicArn, protocol, endpoint, confirmed, owner }) => ({
        SubscriptionArn: confirmed ? arn : "PendingConfirmation",
        TopicArn: topicArn,
        Protocol: protocol,
        Endpoint: endpoint,
        Owner: owner,
      })),
    };
  }

  async publish(call: Call, input: sdk.PublishCommandInput): Promise<Answer<sdk.PublishCommandOutput>> {
    const topic = this.topic(call, input.TopicArn ?? input.TargetArn);
    const text = input.Message ?? "";
    if (text === "") throw invalid("Empty message");
    if (Buffer.byteLength(text) > messageBytesMax) throw invalid("Message too long");
    this.authorize(call, topic, "sns:Publish");
    const key = topic.attributes.get("KmsMasterKeyId");
    if (key !== undefined) this.useKey(call, key);
    const id = this.world.ids.uuid();
    this.world.journal.add(this.world.clock.now(), call, { kind: "notice", topicArn: topic.arn, ...noticeOf(text) });
    const message = {
      id,
      topicArn: topic.arn,
      region: call.region,
      publishedMs: this.world.clock.now(),
      input,
    };
    for (const subscription of topic.subscriptions.values()) {
      if (subscription.confirmed && wants(subscription, input)) {
        await this.deliveries.deliver(call, subscription, message);
      }
    }
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

  private authorize(call: Call, topic: TopicState, action: string): void {
    const { principal } = call;
    const context: Record<string, string> = {
      "aws:SourceAccount": call.accountId,
      // AWS's services say for whom they call; a caller of one's own is known by its credentials.
      ...(principal.kind === "service" ? { "aws:SourceOwner": call.accountId } : {}),
      ...(principal.kind === "service" && principal.sourceArn !== undefined
        ? { "aws:SourceArn": principal.sourceArn }
        : {}),
    };
    const request = { action, resource: topic.arn, context };
    const decision = this.world.iam.isAllowed(call, { ...request, resourcePolicy: this.policyOf(topic) });
    if (!decision.allowed)
      throw new AwsError("AuthorizationError", this.world.iam.refusal(call, request, decision), 403);
  }

  /** Another account gets in only where the topic's policy names it. */
  private letIn(call: Call, topic: TopicState, action: string, protocol: string): void {
    if (accountOf(topic.arn) === call.accountId) return;
    const request = { action, resource: topic.arn, context: { "sns:Protocol": protocol } };
    const decision = decide(call.principal, request, {
      accountId: call.accountId,
      resource: parsePolicy(this.policyOf(topic)),
      resourceMustDelegate: true,
    });
    if (!decision.allowed)
      throw new AwsError("AuthorizationError", this.world.iam.refusal(call, request, decision), 403);
  }

  private policyOf(topic: TopicState): string {
    return topic.attributes.get("Policy") ?? defaultPolicy(topic.arn, accountOf(topic.arn));
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

  /** A topic by its ARN, whoever's it is. */
  private topicOfAnyone(call: Call, arn: string | undefined): TopicState {
    return this.topic({ ...call, accountId: accountOf(arn ?? "") }, arn);
  }

  private subscription(call: Call, arn: string | undefined): Subscription {
    for (const topic of this.regions.of(call).values()) {
      const found = topic.subscriptions.get(arn ?? "");
      if (found !== undefined) return found;
    }
    throw new AwsError("NotFound", "Subscription does not exist", 404);
  }
}

function wants(subscription: Subscription, input: sdk.PublishCommandInput): boolean {
  const filter = subscription.attributes.get("FilterPolicy");
  if (filter === undefined) return true;
  const attributes = Object.fromEntries(
    Object.entries(input.MessageAttributes ?? {}).map(([name, { DataType, StringValue }]) => [
      name,
      { type: DataType ?? "String", value: StringValue ?? "" },
    ]),
  );
  const scope = subscription.attributes.get("FilterPolicyScope") ?? "MessageAttributes";
  return passes(filter, scope, input.Message ?? "", attributes);
}

function accountOf(arn: string): string {
  return arn.split(":")[4] ?? "";
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

function pageAsked(token: string | undefined): PageAsked {
  return { size: pageSize, token, invalidToken: "InvalidParameter" };
}
