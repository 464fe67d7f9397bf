import { nameLengthMax } from "../../../contract/limits";
import { unlessGone } from "../aws-calls";
import {
  chosenByAws,
  document,
  fallback,
  flag,
  type Properties,
  replaces,
  required,
  tags,
  text,
  whole,
} from "../property";
import { defineResource, type Tagging } from "../resource-type";
import { attributesOf, propertiesOf } from "./attributes";

export const snsGone = ["NotFound", "NotFoundException"] as const;

/** Properties that SNS keeps as attributes, all of them text. */
const attributes = {
  displayName: "DisplayName",
  kmsMasterKeyId: "KmsMasterKeyId",
  policy: "Policy",
  deliveryPolicy: "DeliveryPolicy",
  signatureVersion: "SignatureVersion",
  tracingConfig: "TracingConfig",
  fifoTopic: "FifoTopic",
  contentBasedDeduplication: "ContentBasedDeduplication",
} as const;

const inputs = {
  name: required(
    replaces(
      text({
        maxLength: nameLengthMax.snsTopic,
        pattern: /^[A-Za-z0-9_-]+(\.fifo)?$/,
        patternMeans: "letters, digits, _ and -, ending with .fifo for a FIFO topic",
      }),
    ),
  ),
  namePrefix: replaces(text({ maxLength: nameLengthMax.snsTopic - 26 })),
  contentBasedDeduplication: fallback(false, flag()),
  deliveryPolicy: document(),
  displayName: text({ maxLength: 100 }),
  fifoTopic: replaces(fallback(false, flag())),
  kmsMasterKeyId: text(),
  policy: chosenByAws(document()),
  signatureVersion: chosenByAws(whole({ oneOf: [1, 2] })),
  tags: tags(),
  tracingConfig: chosenByAws(text({ pattern: /^(Active|PassThrough)$/, patternMeans: "Active or PassThrough" })),
};

const tagging: Tagging = {
  async read({ aws }, { id }) {
    const { Tags = [] } = await aws.sns.listTagsForResource({ ResourceArn: id });
    return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  },
  async write({ aws }, { id }, put, removed) {
    if (removed.length > 0) await aws.sns.untagResource({ ResourceArn: id, TagKeys: [...removed] });
    const Tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    if (Tags.length > 0) await aws.sns.tagResource({ ResourceArn: id, Tags });
  },
};

/** A topic. Its id is its ARN. */
export const snsTopic = defineResource({
  token: "aws:sns/topic:Topic",
  regional: true,
  importForm: "<topic ARN>",
  inputs,
  computed: ["arn", "owner"],
  autoname: {
    property: "name",
    prefixProperty: "namePrefix",
    maxLength: nameLengthMax.snsTopic,
    after: fifoEnd("fifoTopic"),
  },
  tagging,
  check: ({ fifoTopic, contentBasedDeduplication }) =>
    contentBasedDeduplication === true && fifoTopic !== true
      ? [{ property: "contentBasedDeduplication", reason: "ASY-562 got true, expected fifoTopic beside it" }]
      : [],
  async create({ aws, exists }, given) {
    const { TopicArn = "" } = await aws.sns.createTopic({
      Name: given.name,
      Attributes: attributesOf(attributes, withoutDefaults(given)),
      ...(given.tags === undefined ? {} : { Tags: Object.entries(given.tags).map(([Key, Value]) => ({ Key, Value })) }),
    });
    exists(TopicArn);
    return TopicArn;
  },
  async read({ aws }, { id }) {
    const answer = await unlessGone(snsGone, () => aws.sns.getTopicAttributes({ TopicArn: id }));
    if (answer?.Attributes === undefined) return undefined;
    return {
      name: id.slice(id.lastIndexOf(":") + 1),
      arn: id,
      owner: answer.Attributes.Owner,
      ...propertiesOf(attributes, inputs, answer.Attributes),
    };
  },
  async update({ aws }, { id, inputs: before }, given) {
    const old = attributesOf(attributes, before);
    const fresh = attributesOf(attributes, given);
    for (const name of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
      if (old[name] === fresh[name] || name === "FifoTopic") continue;
      await aws.sns.setTopicAttributes({ TopicArn: id, AttributeName: name, AttributeValue: fresh[name] ?? "" });
    }
  },
  async delete({ aws }, { id }) {
    await unlessGone(snsGone, () => aws.sns.deleteTopic({ TopicArn: id }));
  },
});

/** The end that AWS demands of a FIFO topic's or queue's name. */
export function fifoEnd(property: string): (inputs: Properties) => string {
  return (inputs) => (inputs[property] === true ? ".fifo" : "");
}

/** A standard topic is created without the attributes of FIFO ones: SNS refuses them. */
function withoutDefaults(given: Properties): Properties {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== false));
}
