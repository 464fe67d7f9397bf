import { types } from "../../../policies/async-resources";
import { configuration, configurationWithOutput, named } from "../../support/hand-written";
import { judgesStack, type Resource } from "../../support/rule-rows";
import { type StackResource, unknown } from "../../support/verdict";

const key = (region: string) => `arn:aws:kms:${region}:123456789012:key/1`;
const topic = (region: string) => `arn:aws:sns:${region}:123456789012:pager`;
const one = (type: string, props: object, region = "eu-west-1"): StackResource[] => [
  named("one", { type, props: { region, ...props } }),
];
const settings = (resource: Resource): StackResource[] => [named("settings", resource)];
const alarm = (props: object): StackResource[] => one(types.alarm, props);
const role = (partition: string, region?: string) =>
  one(types.model, { executionRoleArn: `arn:${partition}:iam::123456789012:role/serving` }, region);
const bucketKey = (kmsMasterKeyId: string) =>
  one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", {
    rules: [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId } }],
  });
const elsewhere = (type: string, property: string) => one(type, { [property]: key("us-east-1") });
/** A topic whose key is unknown until the key exists. */
const keyless = (keyRegion: string): StackResource[] => [
  named("key", { type: "aws:kms/key:Key", props: { region: keyRegion, arn: unknown } }),
  named(
    "topic",
    { type: "aws:sns/topic:Topic", props: { region: "eu-west-1", kmsMasterKeyId: unknown } },
    { kmsMasterKeyId: ["key"] },
  ),
];

judgesStack("arns-stay-in-their-region", [
  ["a volume key of the region", settings(configuration({ kmsKeyArn: key("eu-west-1") })), "complies"],
  [
    "a volume key of another",
    settings(configuration({ kmsKeyArn: key("us-east-1") })),
    /^settings is in eu-west-1, its kmsKeyArn in us-east-1: arn:aws:kms:us-east-1:123456789012:key\/1\.$/,
  ],
  [
    "an output key of another",
    settings(configurationWithOutput({ kmsKeyId: key("us-east-1") })),
    /its asyncInferenceConfig\.outputConfig\.kmsKeyId in us-east-1/,
  ],
  ["a key by alias", settings(configurationWithOutput({ kmsKeyId: "alias/results" })), "complies"],
  ["a role of the partition", role("aws"), "complies"],
  ["a role of another partition", role("aws-cn"), /executionRoleArn of the partition aws-cn, not aws/],
  ["a role of AWS's own in GovCloud", role("aws", "us-gov-west-1"), /of the partition aws, not aws-us-gov/],
  ["a role of China in China", role("aws-cn", "cn-north-1"), "complies"],
  ["a role of Europe's own in Europe's own", role("aws-eusc", "eusc-de-east-1"), "complies"],
  ["an action of the region", alarm({ alarmActions: [topic("eu-west-1")] }), "complies"],
  [
    "an action of another after an unknown one",
    alarm({ alarmActions: [unknown, topic("us-east-1")] }),
    /its alarmActions in us-east-1/,
  ],
  ["an ok action of another", alarm({ okActions: [topic("us-east-1")] }), /its okActions in us-east-1/],
  [
    "an action of another beside unknown ok actions",
    alarm({ okActions: unknown, insufficientDataActions: [topic("us-east-1")] }),
    /its insufficientDataActions in us-east-1/,
  ],
  ["an unknown action", alarm({ alarmActions: [unknown] }), "unknown"],
  ["a bucket's key of the region", bucketKey(key("eu-west-1")), "complies"],
  ["a bucket's key of another", bucketKey(key("us-east-1")), /its kmsMasterKeyId in us-east-1/],
  ["a topic's key of another", elsewhere("aws:sns/topic:Topic", "kmsMasterKeyId"), /kmsMasterKeyId in us-east-1/],
  ["a topic policy of another", elsewhere("aws:sns/topicPolicy:TopicPolicy", "arn"), /its arn in us-east-1/],
  ["a subscription to another", elsewhere("aws:sns/topicSubscription:TopicSubscription", "topic"), /its topic in/],
  ["a queue's key of another", elsewhere("aws:sqs/queue:Queue", "kmsMasterKeyId"), /kmsMasterKeyId in us-east-1/],
  ["a log group's key of another", elsewhere("aws:cloudwatch/logGroup:LogGroup", "kmsKeyId"), /its kmsKeyId in/],
  ["a key that does not exist yet", keyless("eu-west-1"), "complies"],
  ["a key that does not exist yet, of another", keyless("us-east-1"), /its kmsMasterKeyId in us-east-1: key\.$/],
  ["a key whose region is unknown", keyless(unknown), "complies"],
  [
    "a key that comes from something else",
    [
      named("parameter", { type: "aws:ssm/parameter:Parameter", props: { region: "us-east-1" } }),
      ...keyless("eu-west-1").map((each) => ({ ...each, dependsOn: { kmsMasterKeyId: ["parameter"] } })),
    ],
    "unknown",
  ],
  ["a resource that names no region", [named("one", { type: types.alarm, props: {} })], "not applicable"],
]);
