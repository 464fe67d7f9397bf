import type { PolicyResource } from "@pulumi/policy";
import { inner, isSet, known, listAt, type Props, textAt, types } from "../async-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { s3Types } from "../storage-resources";

const keys = ["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey"];
const topics = ["aws:sns/topic:Topic"];
const roles = ["aws:iam/role:Role"];

/** A property whose ARNs AWS takes from the resource's own region only. */
interface Place {
  /** The property of the resource that holds it, which dependencies are told by. */
  readonly property: string;
  readonly name: string;
  /** The types it may come from. */
  readonly from: readonly string[];
  /** The object and the key of each ARN: to be read one by one, because one may be unknown. */
  readonly arns: (props: Props) => ReadonlyArray<readonly [holder: Props | undefined, key: string]>;
}

const at = (from: readonly string[], ...path: readonly string[]): Place => ({
  property: path[0] ?? "",
  name: path.join("."),
  from,
  arns: (props) => [[inner(props, ...path.slice(0, -1)), path.at(-1) ?? ""]],
});
const actions = (property: string): Place => ({
  property,
  name: property,
  from: [...topics, types.scalingPolicy],
  arns: (props) =>
    Array.from(
      { length: listAt(props, property).length },
      (_, index) => [inner(props, property), String(index)] as const,
    ),
});
const bucketKey: Place = {
  property: "rules",
  name: "kmsMasterKeyId",
  from: keys,
  arns: (props) =>
    listAt(props, "rules").map(
      (rule) => [inner(rule, "applyServerSideEncryptionByDefault"), "kmsMasterKeyId"] as const,
    ),
};

/** Topics of an endpoint are judged by results-are-told. */
const places = new Map<string, readonly Place[]>([
  [types.endpointConfiguration, [at(keys, "kmsKeyArn"), at(keys, "asyncInferenceConfig", "outputConfig", "kmsKeyId")]],
  [types.model, [at(roles, "executionRoleArn")]],
  [types.alarm, ["alarmActions", "okActions", "insufficientDataActions"].map(actions)],
  ...s3Types.encryption.map((type) => [type, [bucketKey]] as const),
  ["aws:sns/topic:Topic", [at(keys, "kmsMasterKeyId")]],
  ["aws:sns/topicPolicy:TopicPolicy", [at(topics, "arn")]],
  ["aws:sns/topicSubscription:TopicSubscription", [at(topics, "topic")]],
  ["aws:sqs/queue:Queue", [at(keys, "kmsMasterKeyId")]],
  ["aws:cloudwatch/logGroup:LogGroup", [at(keys, "kmsKeyId")]],
]);

export const arnsStayInTheirRegion: StackRule = {
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
  validateStack: looksAtStacksWith([...places.keys()], (resources, report, args) => {
    let judged = false;
    inTurn(
      resources.flatMap((resource) =>
        (places.get(resource.type) ?? []).map((place) => () => {
          const region = textAt(resource.props, "region");
          if (region === undefined) return;
          judged = true;
          const say = (problem: string): void =>
            report(`${resource.name} is in ${region}, its ${place.name} ${problem}.`, resource.urn);
          inTurn(
            place.arns(resource.props).map(
              ([holder, key]) =>
                () =>
                  judge(resource, region, place, holder, key, say),
            ),
          );
        }),
      ),
    );
    if (!judged) args.notApplicable("no resource that names a region");
  }),
};

function judge(
  resource: PolicyResource,
  region: string,
  { property, from }: Place,
  holder: Props | undefined,
  key: string,
  say: (problem: string) => void,
): void {
  if (holder === undefined || !isSet(holder, key)) return;
  // An ARN is unknown until its resource exists; what it comes from says where it will be.
  const sources = (resource.propertyDependencies[property] ?? []).filter(({ type }) => from.includes(type));
  if (known(holder, key) === undefined && sources.length > 0) {
    for (const source of sources) {
      const there = known(source.props, "region");
      if (there !== undefined && there !== region) say(`in ${there}: ${source.name}`);
    }
    return;
  }
  const arn = textAt(holder, key) ?? "";
  if (!arn.startsWith("arn:")) return;
  const [, partition, , there] = arn.split(":");
  // Roles have no region.
  if (there !== undefined && there !== "" && there !== region) say(`in ${there}: ${arn}`);
  if (partition !== partitionOf(region)) say(`of the partition ${partition}, not ${partitionOf(region)}: ${arn}`);
}

/** By the region's first letters (AWS's endpoints documents). */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("eusc-")) return "aws-eusc";
  return "aws";
}
