import { AwsError } from "../aws-error";
import type { Call } from "../call";
import type { Kept } from "../keeper";
import { fromPlain, toPlain } from "../plain";
import type { World } from "../world";
import { type Post, post, retries, retryDelayMs } from "./http-delivery";
import { confirmation, notification, type Outgoing } from "./messages";

/** Somebody a topic tells. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** The account that subscribed. */
  readonly owner: string;
  confirmed: boolean;
  /** What confirms it. */
  readonly token: string;
  readonly attributes: Map<string, string>;
}

/** One request to a listener. */
interface Sending {
  readonly call: Call;
  readonly subscription: Subscription;
  readonly messageType: "Notification" | "SubscriptionConfirmation";
  readonly post: Post;
  /** @default - what is sent is no message of the topic */
  readonly message?: Outgoing;
}

/** The collection of what is under way to listeners. */
const underWay = "sns.deliveries";

/**
 * Brings messages to subscribers. Queues of the world get theirs; HTTPS subscribers that a listener on this machine
 * stands for get requests as SNS makes them; whatever would leave the machine (mail, other HTTPS, Lambda's code) ends as
 * an entry in the journal.
 */
export class Deliveries {
  /** What URLs that confirm a subscription begin with; the wire sets it once it knows its port. */
  confirmUrlBase = "http://sns.rehearsal.test";
  private readonly ending = new AbortController();
  private readonly posting = new Set<Promise<void>>();

  constructor(
    private readonly world: World,
    private readonly listeners: Readonly<Record<string, string>>,
  ) {}

  /** Sends a subscriber what it has to confirm. */
  async askToConfirm(call: Call, subscription: Subscription): Promise<void> {
    const { topicArn, token, endpoint, protocol } = subscription;
    const id = this.world.ids.uuid();
    const query = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn: topicArn, Token: token });
    const body = confirmation({
      id,
      token,
      topicArn,
      region: call.region,
      nowMs: this.world.clock.now(),
      subscribeUrl: `${this.confirmUrlBase}/?${query}`,
    });
    if (protocol === "sqs") {
      const refused = await this.toQueue(call, topicArn, endpoint, body);
      this.note(call, subscription, "SubscriptionConfirmation", refused === undefined ? "delivered" : "lost", refused);
      return;
    }
    const listener = this.listeners[endpoint];
    if (listener === undefined) return this.note(call, subscription, "SubscriptionConfirmation", "recorded");
    const headers = { ...headersOf("SubscriptionConfirmation", id, topicArn) };
    const messageType = "SubscriptionConfirmation";
    this.inBackground({ call, subscription, messageType, post: { url: listener, body, headers } });
  }

  /** Brings one message to one confirmed subscriber that wants it, as far as the faults let it. */
  async deliver(call: Call, subscription: Subscription, message: Outgoing): Promise<void> {
    const { copies, delayMs } = this.world.faults.notice(call.region, subscription.topicArn.split(":").at(-1) ?? "");
    if (copies === 0) return this.note(call, subscription, "Notification", "lost", "a fault that was ordered");
    const deliver = async (): Promise<void> => {
      for (let copy = 0; copy < copies; copy++) await this.deliverOnce(call, subscription, message);
    };
    if (delayMs === 0) await deliver();
    else this.world.clock.after(delayMs, deliver);
  }

  private async deliverOnce(call: Call, subscription: Subscription, message: Outgoing): Promise<void> {
    const { protocol, endpoint, arn, topicArn } = subscription;
    const raw = subscription.attributes.get("RawMessageDelivery") === "true";
    const body = raw ? (message.input.Message ?? "") : notification(message, arn);
    if (protocol === "sqs") {
      const refused = await this.toQueue(call, topicArn, endpoint, body);
      if (refused !== undefined) await this.giveUp(call, subscription, message, refused);
      return;
    }
    if (protocol === "lambda") {
      const refused = refusalOf(() => this.world.lambda.authorizeInvoke(asTopic(call, topicArn, endpoint), endpoint));
      if (refused !== undefined) await this.giveUp(call, subscription, message, refused);
      else this.note(call, subscription, "Notification", "recorded");
      return;
    }
    const listener = this.listeners[endpoint];
    if (listener === undefined) return this.note(call, subscription, "Notification", "recorded");
    const headers = {
      ...headersOf("Notification", message.id, topicArn),
      "x-amz-sns-subscription-arn": arn,
      ...(raw ? { "x-amz-sns-rawdelivery": "true" } : {}),
    };
    const messageType = "Notification";
    this.inBackground({ call, subscription, messageType, post: { url: listener, body, headers }, message });
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled(this.posting);
  }

  /** Sends again what an earlier process had not brought to its end: under the same id, so that a second one shows. */
  resume(kept: Kept): void {
    for (const [id, value] of kept.collection(underWay)) this.send(id, fromPlain(value) as Sending, 0);
  }

  private inBackground(sending: Sending): void {
    const id = this.world.ids.uuid();
    const { accountId, region, principal } = sending.call;
    this.world.keeper?.put(underWay, id, toPlain({ ...sending, call: { accountId, region, principal } }));
    this.send(id, sending, 0);
  }

  private send(id: string, sending: Sending, attempt: number): void {
    const { call, subscription, messageType, message } = sending;
    const work = this.world.clock
      // What a message tells of must be safe before anybody hears of it.
      .holding(async () => ((await this.isSafe()) ? post(sending.post, this.ending.signal) : undefined))
      .then(async (result) => {
        if (this.ending.signal.aborted || result === undefined) return;
        if (!result.ok && result.mayPass && attempt < retries) {
          this.world.clock.after(retryDelayMs, () => this.send(id, sending, attempt + 1));
          return;
        }
        this.world.keeper?.remove(underWay, id);
        if (result.ok) this.note(call, subscription, messageType, "delivered");
        else await this.giveUp(call, subscription, message, result.reason, messageType);
      });
    this.posting.add(work);
    void work.finally(() => this.posting.delete(work)).catch(() => undefined);
  }

  private async isSafe(): Promise<boolean> {
    return this.world.keeper === undefined || this.world.keeper.safe();
  }

  /** To the subscription's dead-letter queue, where it has one that lets the topic in. */
  private async giveUp(
    call: Call,
    subscription: Subscription,
    message: Outgoing | undefined,
    reason: string,
    messageType: "Notification" | "SubscriptionConfirmation" = "Notification",
  ): Promise<void> {
    const redrive = subscription.attributes.get("RedrivePolicy");
    if (redrive === undefined || message === undefined)
      return this.note(call, subscription, messageType, "lost", reason);
    const { deadLetterTargetArn = "" } = JSON.parse(redrive) as { deadLetterTargetArn?: string };
    const raw = subscription.attributes.get("RawMessageDelivery") === "true";
    const body = raw ? (message.input.Message ?? "") : notification(message, subscription.arn);
    const refused = await this.toQueue(call, subscription.topicArn, deadLetterTargetArn, body);
    if (refused === undefined) this.note(call, subscription, messageType, "dead-letter", reason);
    else this.note(call, subscription, messageType, "lost", `${reason}; and the dead-letter queue: ${refused}`);
  }

  /** @returns why it could not, or nothing */
  private async toQueue(call: Call, topicArn: string, queueArn: string, body: string): Promise<string | undefined> {
    try {
      await this.world.sqs.sendMessage(asTopic(call, topicArn, queueArn), {
        QueueUrl: this.world.sqs.urlOfArn(queueArn),
        MessageBody: body,
      });
      return undefined;
    } catch (cause) {
      if (cause instanceof AwsError) return cause.message;
      throw cause;
    }
  }

  private note(
    call: Call,
    { arn, topicArn, protocol, endpoint, token }: Subscription,
    messageType: "Notification" | "SubscriptionConfirmation",
    outcome: "delivered" | "recorded" | "dead-letter" | "lost",
    reason?: string,
  ): void {
    this.world.journal.add(this.world.clock.now(), call, {
      kind: "delivery",
      topicArn,
      subscriptionArn: arn,
      protocol,
      endpoint,
      messageType,
      outcome,
      ...(reason === undefined ? {} : { reason }),
      ...(messageType === "SubscriptionConfirmation" ? { token } : {}),
    });
  }
}

/** SNS calls where the subscriber is, in the name of the topic. */
function asTopic(call: Call, topicArn: string, endpointArn: string): Call {
  const [, , , region = call.region, accountId = call.accountId] = endpointArn.split(":");
  return { accountId, region, principal: { kind: "service", service: "sns.amazonaws.com", sourceArn: topicArn } };
}

function headersOf(messageType: string, id: string, topicArn: string): Record<string, string> {
  return {
    "x-amz-sns-message-type": messageType,
    "x-amz-sns-message-id": id,
    "x-amz-sns-topic-arn": topicArn,
  };
}

function refusalOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (cause) {
    if (cause instanceof AwsError) return cause.message;
    throw cause;
  }
}
