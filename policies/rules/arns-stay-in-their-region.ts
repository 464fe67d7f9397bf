import { inner, listAt, type Props, textAt, types } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";

/** Reads the ARNs of one property; each by itself, because one may be unknown. */
type Reader = (props: Props) => Array<() => string | undefined>;

const at =
  (...path: readonly string[]): Reader =>
  (props) => [() => textAt(inner(props, ...path.slice(0, -1)), path.at(-1) ?? "")];
const each =
  (list: string, ...path: readonly string[]): Reader =>
  (props) =>
    listAt(props, list).flatMap((item) => at(...path)(item));
const eachText =
  (list: string): Reader =>
  (props) => {
    const texts = listAt<string>(props, list);
    // Not by map, which reads every item and stops at the first unknown.
    return Array.from({ length: texts.length }, (_, index) => () => texts[index]);
  };

/** Properties that AWS takes from the resource's own region only. Topics of an endpoint are judged by results-are-told. */
const regional: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
  [types.endpointConfiguration]: {
    kmsKeyArn: at("kmsKeyArn"),
    "outputConfig.kmsKeyId": at("asyncInferenceConfig", "outputConfig", "kmsKeyId"),
  },
  [types.model]: { executionRoleArn: at("executionRoleArn") },
  [types.alarm]: {
    alarmActions: eachText("alarmActions"),
    okActions: eachText("okActions"),
    insufficientDataActions: eachText("insufficientDataActions"),
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    kmsMasterKeyId: each("rules", "applyServerSideEncryptionByDefault", "kmsMasterKeyId"),
  },
  "aws:sns/topic:Topic": { kmsMasterKeyId: at("kmsMasterKeyId") },
  "aws:sns/topicPolicy:TopicPolicy": { arn: at("arn") },
  "aws:sns/topicSubscription:TopicSubscription": { topic: at("topic") },
  "aws:sqs/queue:Queue": { kmsMasterKeyId: at("kmsMasterKeyId") },
  "aws:cloudwatch/logGroup:LogGroup": { kmsKeyId: at("kmsKeyId") },
};

export const arnsStayInTheirRegion: ResourceRule = {
  name: "arns-stay-in-their-region",
  group: "regions",
  displayName: "Keys, topics and actions are of the resource's own region",
  description:
    "The keys, actions and topics that a resource names by ARN are of its own region and partition, and a model's role is of its partition.",
  why: "With many regions in one program one region's key or topic slips into another's resource: AWS refuses it, or takes it and the alarm tells nobody.",
  notJudged:
    "Resources and properties other than an asynchronous deployment's (endpoint configurations, models, alarms, topics, queues, buckets, log groups), keys named by id or alias, and ARNs within policies.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Name the key or topic of the resource's own region; settings take {region} in an ARN.",
  validateResource: looksAt(Object.keys(regional), (props, report, args) => {
    const region = textAt(props, "region");
    if (region === undefined) return args.notApplicable("the resource names no region");
    const readers = Object.entries(regional[args.type] ?? {});
    inTurn(
      readers.map(([name, read]) => () => {
        inTurn(
          read(props).map((arnOf) => () => {
            const arn = arnOf();
            if (arn?.startsWith("arn:")) judge(name, arn, region, report);
          }),
        );
      }),
    );
  }),
};

function judge(name: string, arn: string, region: string, report: (message: string) => void): void {
  const [, partition, , arnRegion] = arn.split(":");
  // EC2's and automation's actions and roles have no region of their own.
  if (arnRegion !== undefined && arnRegion !== "" && arnRegion !== region)
    report(`${name} is in ${arnRegion}, the resource in ${region}: ${arn}.`);
  if (partition !== partitionOf(region))
    report(`${name} is of the partition ${partition}, the resource of ${partitionOf(region)}: ${arn}.`);
}

/** By the region's first letters (AWS's endpoints documents). */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("eusc-")) return "aws-eusc";
  return "aws";
}
