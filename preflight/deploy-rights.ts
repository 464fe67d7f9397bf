import type { RegisteredResource } from "./registered-resource";

/** What the deployer must be allowed to do to things of one kind. */
export interface RightsOn {
  /** A resource type of Pulumi's, e.g. `aws:sns/topic:Topic`. */
  readonly type: string;
  /** Empty for a type whose rights are not known here. */
  readonly actions: readonly string[];
  /** The ARNs they will have; `*` where AWS has no narrower form. */
  readonly arns: readonly string[];
}

interface Place {
  readonly region: string;
  readonly accountId: string;
}

interface Kind {
  readonly actions: readonly string[];
  /** The resource's ARN after `arn:aws:`. @default - `*` */
  readonly arn?: (resource: RegisteredResource, place: Place) => string;
}

const nameOf = ({ inputs, name }: RegisteredResource): string => String(inputs.name ?? `${name}-0000000`);
const bucket = ({ inputs }: RegisteredResource): string => `s3:::${String(inputs.bucket)}`;
const bucketPart = (...actions: string[]): Kind => ({ actions, arn: bucket });
const regional =
  (service: string, before = ""): NonNullable<Kind["arn"]> =>
  (resource, { region, accountId }) =>
    `${service}:${region}:${accountId}:${before}${nameOf(resource)}`;
const given =
  (property: string): NonNullable<Kind["arn"]> =>
  ({ inputs }) =>
    String(inputs[property]).replace(/^arn:aws:/, "");
const role = (name: unknown, { accountId }: Place): string => `iam::${accountId}:role/${String(name)}`;
const scaling = (...actions: string[]): Kind => ({
  actions: actions.map((action) => `application-autoscaling:${action}`),
  arn: (_, { region, accountId }) =>
    `application-autoscaling:${region}:${accountId}:scalable-target/0000000000000000000000000000`,
});
const queueArn: NonNullable<Kind["arn"]> = ({ inputs }, { region, accountId }) =>
  `sqs:${region}:${accountId}:${String(inputs.queueUrl).split("/").at(-1)}`;

/**
 * The actions a deployment needs for each resource type: making, reading, changing and deleting it. A part of them: the
 * AWS provider also reads a few things for which nobody writes a policy apart.
 */
const kinds: Readonly<Record<string, Kind>> = {
  "aws:kms/key:Key": {
    actions: [
      "kms:PutKeyPolicy",
      "kms:EnableKeyRotation",
      "kms:DescribeKey",
      "kms:GetKeyPolicy",
      "kms:ScheduleKeyDeletion",
    ],
    arn: (_, { region, accountId }) => `kms:${region}:${accountId}:key/00000000-0000-0000-0000-000000000000`,
  },
  "aws:kms/alias:Alias": { actions: ["kms:CreateAlias", "kms:DeleteAlias"], arn: regional("kms") },
  "aws:s3/bucket:Bucket": bucketPart("s3:CreateBucket", "s3:ListBucket", "s3:PutBucketTagging", "s3:DeleteBucket"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketPart("s3:PutBucketOwnershipControls"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPart("s3:PutBucketPublicAccessBlock"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketPart(
    "s3:PutEncryptionConfiguration",
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketPart("s3:PutLifecycleConfiguration"),
  "aws:s3/bucketVersioning:BucketVersioning": bucketPart("s3:PutBucketVersioning"),
  "aws:s3/bucketPolicy:BucketPolicy": bucketPart("s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    actions: ["s3:PutObject", "s3:GetObject", "s3:PutObjectTagging", "s3:DeleteObject"],
    arn: (resource) => `${bucket(resource)}/${String(resource.inputs.key)}`,
  },
  "aws:sns/topic:Topic": {
    actions: [
      "sns:CreateTopic",
      "sns:GetTopicAttributes",
      "sns:SetTopicAttributes",
      "sns:TagResource",
      "sns:DeleteTopic",
    ],
    arn: regional("sns"),
  },
  "aws:sns/topicPolicy:TopicPolicy": { actions: ["sns:SetTopicAttributes"], arn: given("arn") },
  "aws:sns/topicSubscription:TopicSubscription": { actions: ["sns:Subscribe"], arn: given("topic") },
  "aws:sqs/queue:Queue": {
    actions: ["sqs:CreateQueue", "sqs:GetQueueAttributes", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:DeleteQueue"],
    arn: regional("sqs"),
  },
  "aws:sqs/queuePolicy:QueuePolicy": { actions: ["sqs:SetQueueAttributes"], arn: queueArn },
  "aws:iam/role:Role": {
    actions: ["iam:CreateRole", "iam:GetRole", "iam:TagRole", "iam:PassRole", "iam:DeleteRole"],
    arn: ({ inputs }, place) => role(`${String(inputs.path ?? "/").slice(1)}${String(inputs.name)}`, place),
  },
  "aws:iam/rolePolicy:RolePolicy": {
    actions: ["iam:PutRolePolicy", "iam:GetRolePolicy", "iam:DeleteRolePolicy"],
    arn: ({ inputs }, place) => role(inputs.role, place),
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    actions: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
    arn: ({ inputs }, place) => role(inputs.role, place),
  },
  "aws:iam/policy:Policy": {
    actions: [
      "iam:CreatePolicy",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
      "iam:CreatePolicyVersion",
      "iam:DeletePolicy",
    ],
    arn: (resource, { accountId }) =>
      `iam::${accountId}:policy/${String(resource.inputs.path ?? "/").slice(1)}${nameOf(resource)}`,
  },
  "aws:sagemaker/model:Model": {
    actions: ["sagemaker:CreateModel", "sagemaker:DescribeModel", "sagemaker:AddTags", "sagemaker:DeleteModel"],
    arn: regional("sagemaker", "model/"),
  },
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": {
    actions: [
      "sagemaker:CreateEndpointConfig",
      "sagemaker:DescribeEndpointConfig",
      "sagemaker:AddTags",
      "sagemaker:DeleteEndpointConfig",
    ],
    arn: regional("sagemaker", "endpoint-config/"),
  },
  "aws:sagemaker/endpoint:Endpoint": {
    actions: [
      "sagemaker:CreateEndpoint",
      "sagemaker:DescribeEndpoint",
      "sagemaker:UpdateEndpoint",
      "sagemaker:AddTags",
      "sagemaker:DeleteEndpoint",
    ],
    arn: regional("sagemaker", "endpoint/"),
  },
  "aws:appautoscaling/target:Target": scaling("RegisterScalableTarget", "DeregisterScalableTarget"),
  "aws:appautoscaling/policy:Policy": scaling("PutScalingPolicy", "DeleteScalingPolicy"),
  "aws:appautoscaling/scheduledAction:ScheduledAction": scaling("PutScheduledAction", "DeleteScheduledAction"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    actions: [
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:TagResource",
      "cloudwatch:DeleteAlarms",
    ],
    arn: regional("cloudwatch", "alarm:"),
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    actions: ["cloudwatch:PutCompositeAlarm", "cloudwatch:DeleteAlarms"],
    arn: ({ inputs }, { region, accountId }) => `cloudwatch:${region}:${accountId}:alarm:${String(inputs.alarmName)}`,
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    actions: ["cloudwatch:PutDashboard", "cloudwatch:GetDashboard", "cloudwatch:DeleteDashboards"],
    arn: ({ inputs }, { accountId }) => `cloudwatch::${accountId}:dashboard/${String(inputs.dashboardName)}`,
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    actions: [
      "logs:CreateLogGroup",
      "logs:PutRetentionPolicy",
      "logs:AssociateKmsKey",
      "logs:TagResource",
      "logs:DeleteLogGroup",
    ],
    arn: regional("logs", "log-group:"),
  },
};

/** What AWS asks of whoever makes a key: it has no ARN yet. */
const withoutArn: Readonly<Record<string, readonly string[]>> = { "aws:kms/key:Key": ["kms:CreateKey"] };

/** The rights that registering these resources needs, one row a resource type. */
export function deployRights(resources: readonly RegisteredResource[], place: Place): RightsOn[] {
  const types = [...new Set(resources.map(({ type }) => type))].sort();
  return types.flatMap((type) => {
    const kind = kinds[type];
    if (kind === undefined) return [{ type, actions: [], arns: [] }];
    const own = resources.filter((each) => each.type === type);
    const arns = own.map((resource) => (kind.arn === undefined ? "*" : `arn:aws:${kind.arn(resource, place)}`));
    const bare = withoutArn[type];
    return [
      ...(bare === undefined ? [] : [{ type, actions: bare, arns: ["*"] }]),
      { type, actions: kind.actions, arns: [...new Set(arns)] },
    ];
  });
}
