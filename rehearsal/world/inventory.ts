import { administrator, type Call } from "./call";
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
    const add = (kind: string, names: ReadonlyArray<string | undefined>): void => {
      for (const name of names) found.push({ region, kind, name: name ?? "" });
    };
    add(
      "endpoint",
      ((await world.sagemaker.listEndpoints(call, {})).Endpoints ?? []).map((each) => each.EndpointName),
    );
    add(
      "endpoint configuration",
      ((await world.sagemaker.listEndpointConfigs(call, {})).EndpointConfigs ?? []).map(
        (each) => each.EndpointConfigName,
      ),
    );
    add(
      "model",
      ((await world.sagemaker.listModels(call, {})).Models ?? []).map((each) => each.ModelName),
    );
    add(
      "scalable target",
      (
        (await world.applicationAutoScaling.describeScalableTargets(call, { ServiceNamespace: "sagemaker" }))
          .ScalableTargets ?? []
      ).map((each) => each.ResourceId),
    );
    add(
      "alarm",
      ((await world.cloudwatch.describeAlarms(call, {})).MetricAlarms ?? []).map((each) => each.AlarmName),
    );
    add(
      "topic",
      ((await world.sns.listTopics(call, {})).Topics ?? []).map((each) => each.TopicArn),
    );
    add("queue", (await world.sqs.listQueues(call, {})).QueueUrls ?? []);
    add(
      "key alias",
      ((await world.kms.listAliases(call, {})).Aliases ?? []).map((each) => each.AliasName),
    );
    add(
      "log group",
      ((await world.logs.describeLogGroups(call, {})).logGroups ?? []).map((each) => each.logGroupName),
    );
  }
  const home: Call = { accountId: world.accountId, region: "us-east-1", principal: administrator };
  for (const dashboard of (await world.cloudwatch.listDashboards(home, {})).DashboardEntries ?? []) {
    found.push({ region: "global", kind: "dashboard", name: dashboard.DashboardName ?? "" });
  }
  for (const bucket of (await world.s3.listBuckets(home, {})).Buckets ?? []) {
    found.push({ region: bucket.BucketRegion ?? "", kind: "bucket", name: bucket.Name ?? "" });
  }
  for (const role of (await world.iam.listRoles(home, {})).Roles ?? []) {
    found.push({ region: "global", kind: "role", name: role.RoleName ?? "" });
  }
  for (const policy of (await world.iam.listPolicies(home, {})).Policies ?? []) {
    found.push({ region: "global", kind: "policy", name: policy.PolicyName ?? "" });
  }
  for (const user of (await world.iam.listUsers(home, {})).Users ?? []) {
    found.push({ region: "global", kind: "user", name: user.UserName ?? "" });
  }
  return found;
}
