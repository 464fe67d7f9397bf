import { administrator, type Call } from "../../../rehearsal/world/call";
import { everyPage } from "../../../rehearsal/world/paging";
import type { World } from "../../../rehearsal/world/world";

/**
 * What there is in a world, as AWS's own describing operations tell it: no times, and made-up ids named by the order in
 * which they come up, so that two worlds with the same story in them have the same dump.
 */
export async function dumpOf(world: World, region: string): Promise<Record<string, unknown>> {
  const call: Call = { accountId: world.accountId, region, principal: administrator };
  return canonical({
    ...(await sagemakerOf(world, call)),
    ...(await scalingOf(world, call)),
    ...(await topicsOf(world, call)),
    ...(await bucketsOf(world, call)),
    ...(await rolesOf(world, call)),
    story: storyOf(world),
  }) as Record<string, unknown>;
}

async function sagemakerOf({ sagemaker }: World, call: Call) {
  const tagged = async (ResourceArn: string | undefined) => (await sagemaker.listTags(call, { ResourceArn })).Tags;
  const { Endpoints = [] } = await sagemaker.listEndpoints(call, { MaxResults: 100 });
  const { EndpointConfigs = [] } = await sagemaker.listEndpointConfigs(call, { MaxResults: 100 });
  const { Models = [] } = await sagemaker.listModels(call, { MaxResults: 100 });
  return {
    endpoints: await Promise.all(
      Endpoints.map(async ({ EndpointName, EndpointArn }) => ({
        ...(await sagemaker.describeEndpoint(call, { EndpointName })),
        tags: await tagged(EndpointArn),
      })),
    ),
    configurations: await Promise.all(
      EndpointConfigs.map(async ({ EndpointConfigName, EndpointConfigArn }) => ({
        ...(await sagemaker.describeEndpointConfig(call, { EndpointConfigName })),
        tags: await tagged(EndpointConfigArn),
      })),
    ),
    models: await Promise.all(
      Models.map(async ({ ModelName, ModelArn }) => ({
        ...(await sagemaker.describeModel(call, { ModelName })),
        tags: await tagged(ModelArn),
      })),
    ),
  };
}

async function scalingOf({ applicationAutoScaling, cloudwatch }: World, call: Call) {
  const all = { ServiceNamespace: "sagemaker" as const };
  const { ScalableTargets = [] } = await applicationAutoScaling.describeScalableTargets(call, all);
  const { ScalingPolicies = [] } = await applicationAutoScaling.describeScalingPolicies(call, all);
  const { MetricAlarms = [] } = await cloudwatch.describeAlarms(call, {});
  return {
    targets: await Promise.all(
      ScalableTargets.map(async (target) => ({
        ...target,
        tags: (await applicationAutoScaling.listTagsForResource(call, { ResourceARN: target.ScalableTargetARN })).Tags,
      })),
    ),
    policies: ScalingPolicies,
    alarms: await Promise.all(
      MetricAlarms.map(async ({ StateReason: _when, ...alarm }) => ({
        ...alarm,
        tags: (await cloudwatch.listTagsForResource(call, { ResourceARN: alarm.AlarmArn })).Tags,
      })),
    ),
  };
}

async function topicsOf({ sns }: World, call: Call) {
  const { Topics = [] } = await sns.listTopics(call, {});
  return {
    topics: await Promise.all(
      Topics.map(async ({ TopicArn }) => ({
        ...(await sns.getTopicAttributes(call, { TopicArn })).Attributes,
        tags: (await sns.listTagsForResource(call, { ResourceArn: TopicArn })).Tags,
      })),
    ),
  };
}

async function bucketsOf({ s3 }: World, call: Call) {
  const { Buckets = [] } = await s3.listBuckets(call, {});
  return {
    buckets: await Promise.all(
      Buckets.map(async ({ Name, BucketRegion }) => ({
        Name,
        BucketRegion,
        objects: (
          await everyPage(async (ContinuationToken) => {
            const page = await s3.listObjectsV2(call, { Bucket: Name, ContinuationToken });
            return { items: page.Contents, next: page.NextContinuationToken };
          })
        ).map(({ Key, Size, ETag }) => ({ Key, Size, ETag })),
        encryption: await orRefusal(s3.getBucketEncryption(call, { Bucket: Name })),
        versioning: await orRefusal(s3.getBucketVersioning(call, { Bucket: Name })),
        tags: await orRefusal(s3.getBucketTagging(call, { Bucket: Name })),
      })),
    ),
  };
}

async function rolesOf({ iam }: World, call: Call) {
  const { Roles = [] } = await iam.listRoles(call, {});
  return {
    roles: await Promise.all(
      Roles.map(async ({ RoleName }) => {
        const { PolicyNames = [] } = await iam.listRolePolicies(call, { RoleName });
        return {
          role: (await iam.getRole(call, { RoleName })).Role,
          policies: await Promise.all(
            PolicyNames.map((PolicyName) => iam.getRolePolicy(call, { RoleName, PolicyName })),
          ),
        };
      }),
    ),
  };
}

/** What happened, in order, but for when: of instances only how many were wanted, since their minutes differ. */
function storyOf({ journal }: World): string[] {
  return journal.entries.flatMap((entry) => {
    switch (entry.kind) {
      case "endpoint":
        return [
          `endpoint ${entry.endpointName} ${entry.status}${entry.reason === undefined ? "" : `: ${entry.reason}`}`,
        ];
      case "request":
        return [`request ${entry.step}`];
      case "scaling":
        return [`scaled from ${entry.from} to ${entry.to}: ${entry.cause}`];
      case "notice":
        return [`notice ${entry.eventName}`];
      default:
        return [];
    }
  });
}

async function orRefusal(answer: Promise<unknown>): Promise<unknown> {
  return answer.catch((cause: Error) => cause.name);
}

const madeUp =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b|\bAROA[0-9A-F]{10,}\b|\bi-[0-9a-f]{17}\b/g;

/** Members by name, times left out, made-up ids numbered. */
function canonical(value: unknown): unknown {
  const names = new Map<string, string>();
  const text = JSON.stringify(value, (key, inner: unknown) => {
    if (/(Time|Date|Timestamp)$/.test(key)) return undefined;
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
  const named = text.replace(madeUp, (id) => {
    const name = names.get(id) ?? `id-${names.size + 1}`;
    names.set(id, name);
    return name;
  });
  return JSON.parse(named);
}
