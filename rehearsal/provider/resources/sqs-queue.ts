import { messageRetentionSeconds, nameLengthMax } from "../../../contract/limits";
import { unlessGone } from "../aws-calls";
import { choice, chosenByAws, document, fallback, flag, replaces, required, tags, text, whole } from "../property";
import { defineResource, type Tagging } from "../resource-type";
import { attributesOf, propertiesOf } from "./attributes";
import { fifoEnd } from "./sns-topic";

const queueGone = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "NonExistentQueue"] as const;

/** Properties that SQS keeps as attributes, all of them text. */
const attributes = {
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  delaySeconds: "DelaySeconds",
  fifoQueue: "FifoQueue",
  fifoThroughputLimit: "FifoThroughputLimit",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
  kmsMasterKeyId: "KmsMasterKeyId",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  policy: "Policy",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redriveAllowPolicy: "RedriveAllowPolicy",
  redrivePolicy: "RedrivePolicy",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
  visibilityTimeoutSeconds: "VisibilityTimeout",
} as const;

const inputs = {
  name: required(
    replaces(
      text({
        maxLength: nameLengthMax.sqsQueue,
        pattern: /^[A-Za-z0-9_-]+(\.fifo)?$/,
        patternMeans: "letters, digits, _ and -, ending with .fifo for a FIFO queue",
      }),
    ),
  ),
  namePrefix: replaces(text({ maxLength: nameLengthMax.sqsQueue - 26 })),
  contentBasedDeduplication: fallback(false, flag()),
  deduplicationScope: chosenByAws(choice(["messageGroup", "queue"])),
  delaySeconds: fallback(0, whole({ min: 0, max: 900 })),
  fifoQueue: replaces(fallback(false, flag())),
  fifoThroughputLimit: chosenByAws(choice(["perQueue", "perMessageGroupId"])),
  kmsDataKeyReusePeriodSeconds: chosenByAws(whole({ min: 60, max: 86_400 })),
  kmsMasterKeyId: text(),
  maxMessageSize: fallback(262_144, whole({ min: 1024, max: 1_048_576 })),
  messageRetentionSeconds: fallback(345_600, whole(messageRetentionSeconds)),
  policy: chosenByAws(document()),
  receiveWaitTimeSeconds: fallback(0, whole({ min: 0, max: 20 })),
  redriveAllowPolicy: chosenByAws(document()),
  redrivePolicy: chosenByAws(document()),
  sqsManagedSseEnabled: chosenByAws(flag()),
  tags: tags(),
  visibilityTimeoutSeconds: fallback(30, whole({ min: 0, max: 43_200 })),
};

const tagging: Tagging = {
  async read({ aws }, { id }) {
    const { Tags = {} } = await aws.sqs.listQueueTags({ QueueUrl: id });
    return Tags;
  },
  async write({ aws }, { id }, put, removed) {
    if (removed.length > 0) await aws.sqs.untagQueue({ QueueUrl: id, TagKeys: [...removed] });
    if (Object.keys(put).length > 0) await aws.sqs.tagQueue({ QueueUrl: id, Tags: { ...put } });
  },
};

/** A queue. Its id is its URL. */
export const sqsQueue = defineResource({
  token: "aws:sqs/queue:Queue",
  regional: true,
  importForm: "<queue URL>",
  inputs,
  computed: ["arn", "url"],
  autoname: {
    property: "name",
    prefixProperty: "namePrefix",
    maxLength: nameLengthMax.sqsQueue,
    after: fifoEnd("fifoQueue"),
  },
  tagging,
  check(given) {
    const failures = [];
    if (given.contentBasedDeduplication === true && given.fifoQueue !== true) {
      failures.push({
        property: "contentBasedDeduplication",
        reason: "ASY-562 got true, expected fifoQueue beside it",
      });
    }
    if (given.kmsMasterKeyId !== undefined && given.sqsManagedSseEnabled !== undefined) {
      failures.push({
        property: "sqsManagedSseEnabled",
        reason: "ASY-562 got a value beside kmsMasterKeyId, expected one of them",
      });
    }
    return failures;
  },
  async create({ aws, exists }, given) {
    const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== false));
    const { QueueUrl = "" } = await aws.sqs.createQueue({
      QueueName: given.name,
      Attributes: attributesOf(attributes, {
        ...wanted,
        ...(given.sqsManagedSseEnabled === undefined ? {} : { sqsManagedSseEnabled: given.sqsManagedSseEnabled }),
      }),
      ...(given.tags === undefined ? {} : { tags: { ...given.tags } }),
    });
    exists(QueueUrl);
    return QueueUrl;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone(queueGone, () =>
      aws.sqs.getQueueAttributes({ QueueUrl: id, AttributeNames: ["All"] }),
    );
    if (answer?.Attributes === undefined) return undefined;
    return {
      name: id.slice(id.lastIndexOf("/") + 1),
      url: id,
      arn: answer.Attributes.QueueArn,
      ...propertiesOf(attributes, inputs, answer.Attributes),
    };
  },
  async update({ aws }, { id, inputs: before }, given) {
    const old = attributesOf(attributes, before);
    const fresh = attributesOf(attributes, given);
    const changed = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
      (name) => old[name] !== fresh[name] && name !== "FifoQueue",
    );
    if (changed.length === 0) return;
    await aws.sqs.setQueueAttributes({
      QueueUrl: id,
      Attributes: Object.fromEntries(changed.map((name) => [name, fresh[name] ?? ""])),
    });
  },
  async delete({ aws }, { id }) {
    await unlessGone(queueGone, () => aws.sqs.deleteQueue({ QueueUrl: id }));
  },
});

/** Who may send to a queue. Its id is the queue's URL. */
export const sqsQueuePolicy = defineResource({
  token: "aws:sqs/queuePolicy:QueuePolicy",
  regional: true,
  importForm: "<queue URL>",
  inputs: { policy: required(document()), queueUrl: required(replaces(text({ minLength: 1 }))) },
  computed: [],
  async create({ aws, exists }, { queueUrl, policy }) {
    await aws.sqs.setQueueAttributes({ QueueUrl: queueUrl, Attributes: { Policy: policy } });
    exists(queueUrl);
    return queueUrl;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone(queueGone, () =>
      aws.sqs.getQueueAttributes({ QueueUrl: id, AttributeNames: ["Policy"] }),
    );
    const policy = answer?.Attributes?.Policy;
    return policy === undefined || policy === "" ? undefined : { queueUrl: id, policy };
  },
  async update({ aws }, { id }, { policy }) {
    await aws.sqs.setQueueAttributes({ QueueUrl: id, Attributes: { Policy: policy } });
  },
  async delete({ aws }, { id }) {
    await unlessGone(queueGone, () => aws.sqs.setQueueAttributes({ QueueUrl: id, Attributes: { Policy: "" } }));
  },
});
