import { administrator, type Call } from "./call";
import { everyPage } from "./paging";
import type { World } from "./world";

/** One thing that exists in the world and that somebody made. */
export interface Leftover {
  readonly region: string;
  /** AWS's noun, e.g. `endpoint`. */
  readonly kind: string;
  readonly name: string;
}

/**
 * Everything that exists in `regions`, asked through AWS's own listing operations. KMS keys that wait for their deletion
 * are left out: AWS keeps them for at least seven days and does not bill them.
 */
export async function inventory(world: World, regions: readonly string[]): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const region of regions) {
    const call: Call = { accountId: world.accountId, region, principal: administrator };
    for (const [kind, names] of regional(world, call)) {
      for (const name of await names) found.push({ region, kind, name: name ?? "" });
    }
  }
  const home: Call = { accountId: world.accountId, region: "us-east-1", principal: administrator };
  const { cloudwatch, iam, s3 } = world;
  const global: ReadonlyArray<readonly [string, Promise<Array<string | undefined>>]> = [
    [
      "dashboard",
      everyPage(async (NextToken) => {
        const page = await cloudwatch.listDashboards(home, { NextToken });
        return { items: page.DashboardEntries?.map((each) => each.DashboardName), next: page.NextToken };
      }),
    ],
    [
      "role",
      everyPage(async (Marker) => {
        const page = await iam.listRoles(home, { Marker });
        return { items: page.Roles?.map((each) => each.RoleName), next: page.Marker };
      }),
    ],
    [
      "policy",
      everyPage(async (Marker) => {
        const page = await iam.listPolicies(home, { Marker });
        return { items: page.Policies?.map((each) => each.PolicyName), next: page.Marker };
      }),
    ],
    [
      "user",
      everyPage(async (Marker) => {
        const page = await iam.listUsers(home, { Marker });
        return { items: page.Users?.map((each) => each.UserName), next: page.Marker };
      }),
    ],
  ];
  for (const [kind, names] of global) {
    for (const name of await names) found.push({ region: "global", kind, name: name ?? "" });
  }
  const buckets = await everyPage(async (ContinuationToken) => {
    const page = await s3.listBuckets(home, { ContinuationToken });
    return { items: page.Buckets, next: page.ContinuationToken };
  });
  for (const { BucketRegion = "", Name = "" } of buckets)
    found.push({ region: BucketRegion, kind: "bucket", name: Name });
  return found;
}

/** What there is of each kind in one region. */
function regional(world: World, call: Call): Array<readonly [kind: string, Promise<Array<string | undefined>>]> {
  const { sagemaker, applicationAutoScaling, cloudwatch, sns, sqs, kms, logs } = world;
  return [
    [
      "endpoint",
      everyPage(async (NextToken) => {
        const page = await sagemaker.listEndpoints(call, { NextToken });
        return { items: page.Endpoints?.map((each) => each.EndpointName), next: page.NextToken };
      }),
    ],
    [
      "endpoint configuration",
      everyPage(async (NextToken) => {
        const page = await sagemaker.listEndpointConfigs(call, { NextToken });
        return { items: page.EndpointConfigs?.map((each) => each.EndpointConfigName), next: page.NextToken };
      }),
    ],
    [
      "model",
      everyPage(async (NextToken) => {
        const page = await sagemaker.listModels(call, { NextToken });
        return { items: page.Models?.map((each) => each.ModelName), next: page.NextToken };
      }),
    ],
    [
      "scalable target",
      everyPage(async (NextToken) => {
        const page = await applicationAutoScaling.describeScalableTargets(call, {
          ServiceNamespace: "sagemaker",
          NextToken,
        });
        return { items: page.ScalableTargets?.map((each) => each.ResourceId), next: page.NextToken };
      }),
    ],
    [
      "alarm",
      everyPage(async (NextToken) => {
        const page = await cloudwatch.describeAlarms(call, { NextToken });
        return { items: page.MetricAlarms?.map((each) => each.AlarmName), next: page.NextToken };
      }),
    ],
    [
      "topic",
      everyPage(async (NextToken) => {
        const page = await sns.listTopics(call, { NextToken });
        return { items: page.Topics?.map((each) => each.TopicArn), next: page.NextToken };
      }),
    ],
    [
      "queue",
      everyPage(async (NextToken) => {
        const page = await sqs.listQueues(call, { NextToken, MaxResults: 1000 });
        return { items: page.QueueUrls, next: page.NextToken };
      }),
    ],
    [
      "key alias",
      everyPage(async (Marker) => {
        const page = await kms.listAliases(call, { Marker });
        return { items: page.Aliases?.map((each) => each.AliasName), next: page.NextMarker };
      }),
    ],
    [
      "log group",
      everyPage(async (nextToken) => {
        const page = await logs.describeLogGroups(call, { nextToken });
        return { items: page.logGroups?.map((each) => each.logGroupName), next: page.nextToken };
      }),
    ],
  ];
}
