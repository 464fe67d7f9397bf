import { types } from "../../../policies/async-resources";
import { configuration, configurationWithOutput } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const key = (region: string, partition = "aws") => `arn:${partition}:kms:${region}:123456789012:key/1`;
const role = (partition: string) => `arn:${partition}:iam::123456789012:role/serving`;
const topic = (region: string) => `arn:aws:sns:${region}:123456789012:pager`;
const alarm = (props: object) => ({ type: types.alarm, props: { region: "eu-west-1", ...props } });
const bucketKey = (kmsMasterKeyId: string) => ({
  type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  props: { region: "eu-west-1", rules: [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId } }] },
});
const regionalKey = (type: string, name: string) => ({
  type,
  props: { region: "eu-west-1", [name]: key("us-east-1") },
});

judges("arns-stay-in-their-region", [
  ["a volume key of the region", configuration({ kmsKeyArn: key("eu-west-1") }), "complies"],
  [
    "a volume key of another",
    configuration({ kmsKeyArn: key("us-east-1") }),
    /^kmsKeyArn is in us-east-1, the resource in eu-west-1: arn:aws:kms/,
  ],
  [
    "an output key of another",
    configurationWithOutput({ kmsKeyId: key("us-east-1") }),
    /outputConfig\.kmsKeyId is in us-east-1/,
  ],
  ["a key by alias", configurationWithOutput({ kmsKeyId: "alias/results" }), "complies"],
  [
    "a role of the partition",
    { type: types.model, props: { region: "eu-west-1", executionRoleArn: role("aws") } },
    "complies",
  ],
  [
    "a role of another partition",
    { type: types.model, props: { region: "eu-west-1", executionRoleArn: role("aws-cn") } },
    /partition aws-cn, the resource of aws/,
  ],
  [
    "a resource of another partition",
    { type: types.model, props: { region: "us-gov-west-1", executionRoleArn: role("aws") } },
    /partition aws, the resource of aws-us-gov/,
  ],
  ["an action of the region", alarm({ alarmActions: [topic("eu-west-1")] }), "complies"],
  [
    "an action of another beside an unknown one",
    alarm({ alarmActions: [unknown, topic("us-east-1")] }),
    /alarmActions is in us-east-1/,
  ],
  ["an ok action of another", alarm({ okActions: [topic("us-east-1")] }), /okActions is in us-east-1/],
  [
    "an action of another beside unknown ok actions",
    alarm({ okActions: unknown, insufficientDataActions: [topic("us-east-1")] }),
    /insufficientDataActions is in/,
  ],
  ["an unknown action", alarm({ alarmActions: [unknown] }), "unknown"],
  ["a bucket's key of the region", bucketKey(key("eu-west-1")), "complies"],
  ["a bucket's key of another", bucketKey(key("us-east-1")), /kmsMasterKeyId is in us-east-1/],
  ["a topic's key of another", regionalKey("aws:sns/topic:Topic", "kmsMasterKeyId"), /kmsMasterKeyId is in us-east-1/],
  ["a topic policy of another", regionalKey("aws:sns/topicPolicy:TopicPolicy", "arn"), /arn is in us-east-1/],
  [
    "a subscription to another",
    regionalKey("aws:sns/topicSubscription:TopicSubscription", "topic"),
    /topic is in us-east-1/,
  ],
  ["a queue's key of another", regionalKey("aws:sqs/queue:Queue", "kmsMasterKeyId"), /kmsMasterKeyId is in/],
  ["a log group's key of another", regionalKey("aws:cloudwatch/logGroup:LogGroup", "kmsKeyId"), /kmsKeyId is in/],
  [
    "a resource that names no region",
    { type: types.alarm, props: { alarmActions: [topic("us-east-1")] } },
    "not applicable",
  ],
]);
