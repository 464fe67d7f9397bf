import { createHash } from "node:crypto";
import type * as sdk from "@aws-sdk/client-sqs";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { Kept } from "../keeper";
import { pageOf } from "../paging";
import { Partitions } from "../partitions";
import { TagStore } from "../tags";
import type { World } from "../world";
import { MessageRows } from "./kept-messages";
import { type Message, MessageQueue } from "./message-queue";

interface QueueState {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  readonly attributes: Map<string, string>;
  readonly messages: MessageQueue;
}

const defaults: Readonly<Record<string, string>> = {
  VisibilityTimeout: "30",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  DelaySeconds: "0",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
};

const settable = [
  ...Object.keys(defaults),
  "Policy",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
];

const queuesPerPageMax = 1000;

/** Simple Queue Service, standard queues. */
export class Sqs {
  /** What queue URLs begin with; the wire sets it once it knows its port. */
  queueUrlBase = "http://sqs.rehearsal.test";
  private readonly regions = new Partitions<Map<string, QueueState>>(() => new Map());
  private readonly tags = new TagStore();

  constructor(private readonly world: World) {}

  async createQueue(call: Call, input: sdk.CreateQueueCommandInput): Promise<Answer<sdk.CreateQueueCommandOutput>> {
    const name = input.QueueName ?? "";
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
      throw new AwsError(
        "InvalidParameterValue",
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
      );
    }
    const queues = this.regions.of(call);
    const wanted = checked(input.Attributes);
    const existing = queues.get(name);
    if (existing !== undefined) {
      for (const [key, value] of wanted) {
        if ((existing.attributes.get(key) ?? defaults[key]) !== value) {
          throw new AwsError(
            "QueueAlreadyExists",
            `A queue already exists with the same name and a different value for attribute ${key}`,
          );
        }
      }
      return { QueueUrl: this.urlOf(call, name) };
    }
    const attributes = new Map(wanted);
    const arn = `arn:aws:sqs:${call.region}:${call.accountId}:${name}`;
    const state = this.revivedQueue(call, { name, arn, createdMs: this.world.clock.now(), attributes });
    queues.set(name, state);
    this.tags.put(state.arn, input.tags ?? {});
    return { QueueUrl: this.urlOf(call, name) };
  }

  async deleteQueue(call: Call, input: sdk.DeleteQueueCommandInput): Promise<Answer<sdk.DeleteQueueCommandOutput>> {
    const queue = this.queue(call, input.QueueUrl);
    this.regions.of(call).delete(queue.name);
    queue.messages.close();
    this.tags.forget(queue.arn);
    return {};
  }

  async getQueueUrl(call: Call, input: sdk.GetQueueUrlCommandInput): Promise<Answer<sdk.GetQueueUrlCommandOutput>> {
    if (!this.regions.of(call).has(input.QueueName ?? "")) throw noQueue();
    return { QueueUrl: this.urlOf(call, input.QueueName ?? "") };
  }

  async listQueues(call: Call, input: sdk.ListQueuesCommandInput): Promise<Answer<sdk.ListQueuesCommandOutput>> {
    const names = [...this.regions.of(call).keys()].filter((name) => name.startsWith(input.QueueNamePrefix ?? ""));
    const { items, next } = pageOf(names, (name) => name, {
      size: Math.min(input.MaxResults ?? queuesPerPageMax, queuesPerPageMax),
      token: input.NextToken,
      invalidToken: "InvalidParameterValue",
    });
    return {
      ...(items.length === 0 ? {} : { QueueUrls: items.map((name) => this.urlOf(call, name)) }),
      // Without MaxResults there are at most a thousand, and no token for the others (API reference, ListQueues).
      ...(next === undefined || input.MaxResults === undefined ? {} : { NextToken: next }),
    };
  }

  async getQueueAttributes(
    call: Call,
    input: sdk.GetQueueAttributesCommandInput,
  ): Promise<Answer<sdk.GetQueueAttributesCommandOutput>> {
    const queue = this.queue(call, input.QueueUrl);
    const counts = queue.messages.counts();
    const managed: Record<string, string> = queue.attributes.has("KmsMasterKeyId")
      ? { SqsManagedSseEnabled: "false" }
      : {};
    const all: Record<string, string> = {
      ...defaults,
      ...managed,
      ...Object.fromEntries(queue.attributes),
      QueueArn: queue.arn,
      CreatedTimestamp: String(Math.floor(queue.createdMs / 1000)),
      LastModifiedTimestamp: String(Math.floor(queue.createdMs / 1000)),
      ApproximateNumberOfMessages: String(counts.visible),
      ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
      ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    };
    const names = input.AttributeNames ?? [];
    if (names.includes("All")) return { Attributes: all };
    const chosen = Object.entries(all).filter(([key]) => (names as string[]).includes(key));
    return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
  }

  async setQueueAttributes(
    call: Call,
    input: sdk.SetQueueAttributesCommandInput,
  ): Promise<Answer<sdk.SetQueueAttributesCommandOutput>> {
    const { attributes } = this.queue(call, input.QueueUrl);
    for (const [key, value] of checked(input.Attributes)) {
      if (value === "") attributes.delete(key);
      else attributes.set(key, value);
    }
    return {};
  }

  async sendMessage(call: Call, input: sdk.SendMessageCommandInput): Promise<Answer<sdk.SendMessageCommandOutput>> {
    const queue = this.queue(call, input.QueueUrl);
    this.authorize(call, queue, "sqs:SendMessage");
    return this.enqueue(queue, input);
  }

  async sendMessageBatch(
    call: Call,
    input: sdk.SendMessageBatchCommandInput,
  ): Promise<Answer<sdk.SendMessageBatchCommandOutput>> {
    const queue = this.queue(call, input.QueueUrl);
    this.authorize(call, queue, "sqs:SendMessage");
    const Successful = entriesOf(input.Entries).map((entry) => ({ Id: entry.Id, ...this.enqueue(queue, entry) }));
    return { Successful: Successful as never, Failed: [] };
  }

  async receiveMessage(
    call: Call,
    input: sdk.ReceiveMessageCommandInput & { signal?: AbortSignal },
  ): Promise<Answer<sdk.ReceiveMessageCommandOutput>> {
    const queue = this.queue(call, input.QueueUrl);
    const most = input.MaxNumberOfMessages ?? 1;
    if (!(most >= 1 && most <= 10)) {
      throw new AwsError(
        "InvalidParameterValue",
        `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      );
    }
    this.authorize(call, queue, "sqs:ReceiveMessage");
    const waitSeconds = input.WaitTimeSeconds ?? Number(queue.attributes.get("ReceiveMessageWaitTimeSeconds") ?? 0);
    const received = await queue.messages.receive(most, waitSeconds, input.VisibilityTimeout, input.signal);
    if (received.length === 0) return {};
    const names = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])] as string[];
    return { Messages: received.map((message) => shown(message, names)) };
  }

  async deleteMessage(
    call: Call,
    input: sdk.DeleteMessageCommandInput,
  ): Promise<Answer<sdk.DeleteMessageCommandOutput>> {
    const queue = this.queue(call, input.QueueUrl);
    this.authorize(call, queue, "sqs:DeleteMessage");
    queue.messages.delete(input.ReceiptHandle ?? "");
    return {};
  }

  async deleteMessageBatch(
    call: Call,
    input: sdk.DeleteMessageBatchCommandInput,
  ): Promise<Answer<sdk.DeleteMessageBatchCommandOutput>> {
    const queue = this.queue(call, input.QueueUrl);
    this.authorize(call, queue, "sqs:DeleteMessage");
    const entries = entriesOf(input.Entries);
    for (const { ReceiptHandle } of entries) queue.messages.delete(ReceiptHandle ?? "");
    return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
  }

  async changeMessageVisibility(
    call: Call,
    input: sdk.ChangeMessageVisibilityCommandInput,
  ): Promise<Answer<sdk.ChangeMessageVisibilityCommandOutput>> {
    const queue = this.queue(call, input.QueueUrl);
    this.authorize(call, queue, "sqs:ChangeMessageVisibility");
    queue.messages.hide(input.ReceiptHandle ?? "", input.VisibilityTimeout ?? 0);
    return {};
  }

  async changeMessageVisibilityBatch(
    call: Call,
    input: sdk.ChangeMessageVisibilityBatchCommandInput,
  ): Promise<Answer<sdk.ChangeMessageVisibilityBatchCommandOutput>> {
    const queue = this.queue(call, input.QueueUrl);
    this.authorize(call, queue, "sqs:ChangeMessageVisibility");
    const entries = entriesOf(input.Entries);
    for (const { ReceiptHandle, VisibilityTimeout } of entries) {
      queue.messages.hide(ReceiptHandle ?? "", VisibilityTimeout ?? 0);
    }
    return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
  }

  async purgeQueue(call: Call, input: sdk.PurgeQueueCommandInput): Promise<Answer<sdk.PurgeQueueCommandOutput>> {
    this.queue(call, input.QueueUrl).messages.purge();
    return {};
  }

  async listQueueTags(
    call: Call,
    input: sdk.ListQueueTagsCommandInput,
  ): Promise<Answer<sdk.ListQueueTagsCommandOutput>> {
    return { Tags: this.tags.of(this.queue(call, input.QueueUrl).arn) };
  }

  async tagQueue(call: Call, input: sdk.TagQueueCommandInput): Promise<Answer<sdk.TagQueueCommandOutput>> {
    this.tags.put(this.queue(call, input.QueueUrl).arn, input.Tags ?? {});
    return {};
  }

  async untagQueue(call: Call, input: sdk.UntagQueueCommandInput): Promise<Answer<sdk.UntagQueueCommandOutput>> {
    this.tags.remove(this.queue(call, input.QueueUrl).arn, input.TagKeys ?? []);
    return {};
  }

  /** A queue without messages: a new one, or one that an earlier process left. */
  revivedQueue(where: Pick<Call, "accountId" | "region">, queue: Omit<QueueState, "messages">): QueueState {
    const { clock, ids, keeper } = this.world;
    const rows = keeper === undefined ? undefined : new MessageRows(keeper, where, queue.name);
    return { ...queue, messages: new MessageQueue(clock, ids, () => this.rulesOf(where, queue.attributes), rows) };
  }

  /** The messages an earlier process left, into queues that were revived before. */
  revive(kept: Kept): void {
    for (const { state } of this.regions.all()) for (const { messages } of state.values()) messages.revive(kept);
  }

  /** The URL of a queue by its ARN, as SNS needs it. */
  urlOfArn(arn: string): string {
    const [, , , , accountId = "", name = ""] = arn.split(":");
    return `${this.queueUrlBase}/${accountId}/${name}`;
  }

  private enqueue(queue: QueueState, input: { MessageBody?: string | undefined; DelaySeconds?: number | undefined }) {
    const body = input.MessageBody ?? "";
    if (body === "") throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
    const largest = Number(queue.attributes.get("MaximumMessageSize") ?? defaults.MaximumMessageSize);
    if (Buffer.byteLength(body) > largest) {
      throw new AwsError(
        "InvalidParameterValue",
        `One or more parameters are invalid. Reason: Message must be shorter than ${largest} bytes.`,
      );
    }
    const delaySeconds = input.DelaySeconds ?? Number(queue.attributes.get("DelaySeconds") ?? 0);
    return { MessageId: queue.messages.send(body, delaySeconds), MD5OfMessageBody: md5(body) };
  }

  private authorize(call: Call, queue: QueueState, action: `sqs:${string}`): void {
    const request = { action, resource: queue.arn };
    const decision = this.world.iam.isAllowed(call, { ...request, resourcePolicy: queue.attributes.get("Policy") });
    if (!decision.allowed) throw new AwsError("AccessDenied", this.world.iam.refusal(call, request, decision), 403);
    const key = queue.attributes.get("KmsMasterKeyId");
    if (key === undefined || (action !== "sqs:SendMessage" && action !== "sqs:ReceiveMessage")) return;
    try {
      if (action === "sqs:SendMessage") this.world.kms.authorizeUse(call, key, "kms:GenerateDataKey", { via: "sqs" });
      this.world.kms.authorizeUse(call, key, "kms:Decrypt", { via: "sqs" });
    } catch (cause) {
      if (cause instanceof AwsError) throw new AwsError("KMS.AccessDeniedException", cause.message);
      throw cause;
    }
  }

  private rulesOf(call: Pick<Call, "accountId" | "region">, attributes: ReadonlyMap<string, string>) {
    const redrive = attributes.get("RedrivePolicy");
    const { deadLetterTargetArn, maxReceiveCount } = (redrive === undefined ? {} : JSON.parse(redrive)) as {
      deadLetterTargetArn?: string;
      maxReceiveCount?: number | string;
    };
    const deadLetter = this.regions.of(call).get(deadLetterTargetArn?.split(":").at(-1) ?? "");
    return {
      visibilitySeconds: Number(attributes.get("VisibilityTimeout") ?? defaults.VisibilityTimeout),
      retentionSeconds: Number(attributes.get("MessageRetentionPeriod") ?? defaults.MessageRetentionPeriod),
      ...(deadLetter === undefined ? {} : { deadLetter: deadLetter.messages, maxReceives: Number(maxReceiveCount) }),
    };
  }

  private urlOf(call: Call, name: string): string {
    return `${this.queueUrlBase}/${call.accountId}/${name}`;
  }

  private queue(call: Call, url: string | undefined): QueueState {
    const name = (url ?? "").split("/").at(-1) ?? "";
    const state = this.regions.of(call).get(name);
    if (state === undefined) throw noQueue();
    return state;
  }
}

function checked(attributes: Readonly<Record<string, string | undefined>> | undefined): Array<[string, string]> {
  return Object.entries(attributes ?? {}).map(([key, value]) => {
    if (!settable.includes(key)) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${key}.`);
    return [key, value ?? ""];
  });
}

function entriesOf<Entry>(entries: readonly Entry[] | undefined): readonly Entry[] {
  if (entries === undefined || entries.length === 0) {
    throw new AwsError(
      "AWS.SimpleQueueService.EmptyBatchRequest",
      "There should be at least one entry in the request.",
    );
  }
  if (entries.length > 10) {
    throw new AwsError(
      "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
      "Maximum number of entries per request are 10.",
    );
  }
  return entries;
}

function shown(message: Message, names: readonly string[]): sdk.Message {
  const system: Record<string, string> = {
    SentTimestamp: String(message.sentMs),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs ?? message.sentMs),
  };
  const chosen = Object.entries(system).filter(([key]) => names.includes("All") || names.includes(key));
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) }),
  };
}

function noQueue(): AwsError {
  return new AwsError("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
