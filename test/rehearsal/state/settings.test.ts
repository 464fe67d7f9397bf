import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notKept } from "../../../rehearsal/state/kept-shapes";
import { changing, keptServices, methodsOf, placesOf, writtenDownThere } from "../../../rehearsal/state/settings";
import { coverage, methodOf } from "../../../rehearsal/wire/coverage";
import { administrator } from "../../../rehearsal/world/call";
import { EndpointWorld, resourceId } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

const scalable = {
  ServiceNamespace: "sagemaker" as const,
  ScalableDimension: "sagemaker:variant:DesiredInstanceCount" as const,
  ResourceId: resourceId,
};
const own = "arn:aws:iam::123456789012:root";
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: own }, Action: "*", Resource: "*" }],
});

/** Everything that can be asked of a world about its settings. */
async function asked({ world, call }: EndpointWorld) {
  const home = { ...call, region: "us-east-1" };
  const { Users = [] } = await world.iam.listUsers(call, {});
  return {
    alarms: await world.cloudwatch.describeAlarms(call, {}),
    alarmHistory: await world.cloudwatch.describeAlarmHistory(call, {}),
    dashboards: await world.cloudwatch.listDashboards(home, {}),
    targets: await world.applicationAutoScaling.describeScalableTargets(call, { ServiceNamespace: "sagemaker" }),
    policies: await world.applicationAutoScaling.describeScalingPolicies(call, { ServiceNamespace: "sagemaker" }),
    scheduled: await world.applicationAutoScaling.describeScheduledActions(call, { ServiceNamespace: "sagemaker" }),
    activities: await world.applicationAutoScaling.describeScalingActivities(call, { ServiceNamespace: "sagemaker" }),
    models: await world.sagemaker.listModels(call, {}),
    model: await world.sagemaker.describeModel(call, { ModelName: "echo" }),
    configs: await world.sagemaker.describeEndpointConfig(call, { EndpointConfigName: "echo-1" }),
    endpointTags: await world.sagemaker.listTags(call, { ResourceArn: world.sagemaker.endpoint(call, "echo").arn }),
    key: await world.kms.describeKey(call, { KeyId: "alias/payloads" }),
    rotation: await world.kms.getKeyRotationStatus(call, { KeyId: "alias/payloads" }),
    topics: await world.sns.listTopics(call, {}),
    topic: await world.sns.getTopicAttributes(call, { TopicArn: "arn:aws:sns:eu-west-1:123456789012:success" }),
    subscriptions: await world.sns.listSubscriptionsByTopic(call, {
      TopicArn: "arn:aws:sns:eu-west-1:123456789012:success",
    }),
    queue: await world.sqs.getQueueAttributes(call, { QueueUrl: "notices", AttributeNames: ["All"] }),
    bucketPolicy: await world.s3.getBucketPolicy(call, { Bucket: "payloads" }),
    versioning: await world.s3.getBucketVersioning(call, { Bucket: "payloads" }),
    lifecycle: await world.s3.getBucketLifecycleConfiguration(call, { Bucket: "payloads" }),
    versions: await world.s3.listObjectVersions(call, { Bucket: "payloads" }),
    tagging: await world.s3.getObjectTagging(call, { Bucket: "payloads", Key: "kept" }),
    uploads: await world.s3.listMultipartUploads(call, { Bucket: "payloads" }),
    roles: await world.iam.listRoles(call, {}),
    users: Users,
    rolePolicy: await world.iam.getRolePolicy(call, { RoleName: "serving", PolicyName: "serve" }),
    repositories: await world.ecr.describeRepositories(call, {}),
    registry: await world.ecr.describeRegistry(call, {}),
    images: await world.ecr.describeImages(call, { repositoryName: "team", imageIds: [{ imageTag: "1" }] }),
    groups: await world.logs.describeLogGroups(call, { logGroupNamePrefix: "/own" }),
    invoking: await world.lambda.getPolicy(call, { FunctionName: "told" }),
  };
}

async function prepare({ world, call }: EndpointWorld): Promise<void> {
  const day = 24 * 3600 * 1000;
  await world.applicationAutoScaling.putScheduledAction(call, {
    ...scalable,
    ScheduledActionName: "morning",
    Schedule: "cron(0 6 ? * MON-FRI *)",
    Timezone: "Europe/Berlin",
    StartTime: new Date(world.clock.now() + day),
    ScalableTargetAction: { MinCapacity: 1 },
  });
  await world.cloudwatch.putDashboard(call, {
    DashboardName: "fleet",
    DashboardBody: JSON.stringify({ widgets: [] }),
  });
  const { KeyMetadata } = await world.kms.createKey(call, { Policy: policy });
  await world.kms.createAlias(call, { AliasName: "alias/payloads", TargetKeyId: KeyMetadata?.KeyId });
  await world.kms.enableKeyRotation(call, { KeyId: KeyMetadata?.KeyId, RotationPeriodInDays: 120 });
  await world.sns.subscribe(call, {
    TopicArn: "arn:aws:sns:eu-west-1:123456789012:success",
    Protocol: "email",
    Endpoint: "team@example.com",
  });
  await world.sns.setTopicAttributes(call, {
    TopicArn: "arn:aws:sns:eu-west-1:123456789012:success",
    AttributeName: "DisplayName",
    AttributeValue: "results",
  });
  await world.sqs.setQueueAttributes(call, { QueueUrl: "notices", Attributes: { VisibilityTimeout: "60" } });
  await world.s3.putBucketPolicy(call, { Bucket: "payloads", Policy: policy });
  await world.s3.putBucketLifecycleConfiguration(call, {
    Bucket: "payloads",
    LifecycleConfiguration: {
      Rules: [{ ID: "old", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 7 } }],
    },
  });
  await world.s3.putBucketVersioning(call, { Bucket: "payloads", VersioningConfiguration: { Status: "Enabled" } });
  for (const Body of ["one", "two"]) await world.s3.putObject(call, { Bucket: "payloads", Key: "kept", Body });
  await world.s3.putObjectTagging(call, {
    Bucket: "payloads",
    Key: "kept",
    Tagging: { TagSet: [{ Key: "team", Value: "search" }] },
  });
  await world.s3.putObject(call, { Bucket: "payloads", Key: "gone", Body: "x" });
  await world.s3.deleteObject(call, { Bucket: "payloads", Key: "gone" });
  await world.ecr.createRepository(call, { repositoryName: "team" });
  await world.ecr.putImage(call, { repositoryName: "team", imageTag: "1", imageManifest: "{}" });
  await world.ecr.putReplicationConfiguration(call, {
    replicationConfiguration: { rules: [{ destinations: [{ region: "us-east-1", registryId: "123456789012" }] }] },
  });
  await world.logs.createLogGroup(call, { logGroupName: "/own" });
  await world.logs.putRetentionPolicy(call, { logGroupName: "/own", retentionInDays: 7 });
  await world.lambda.addPermission(call, {
    FunctionName: "told",
    StatementId: "topic",
    Action: "lambda:InvokeFunction",
    Principal: "sns.amazonaws.com",
  });
  await world.sagemaker.addTags(call, {
    ResourceArn: world.sagemaker.endpoint(call, "echo").arn,
    Tags: [{ Key: "team", Value: "search" }],
  });
}

describe("what a folder keeps of a world", () => {
  let folder: string;
  let at: EndpointWorld;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "kept-")), "state");
    at = await EndpointWorld.open({ state: folder, max: 2 });
  });
  afterEach(async () => {
    await at.close();
    await rm(join(folder, ".."), { recursive: true, force: true });
  });

  const restart = async (): Promise<void> => {
    await at.world.keeper?.flushed();
    await at.kill();
    at = await EndpointWorld.open({ state: folder });
  };

  it("is every setting of every service, to the last member", async () => {
    await prepare(at);
    await at.minutes(20);
    const before = await asked(at);
    await restart();
    assert.deepEqual(await asked(at), before);
    assert.equal(before.alarms.MetricAlarms?.find(({ AlarmName }) => AlarmName === "idle")?.StateValue, "ALARM");
    assert.equal(before.activities.ScalingActivities?.length, 1);
    // And again, from a journal that was written anew.
    await restart();
    assert.deepEqual(await asked(at), before);
  });

  it("is the access keys that were given out, with their secrets, for the owner's eyes alone", async () => {
    const { world, call } = at;
    await world.iam.createUser(call, { UserName: "caller" });
    const { AccessKey } = await world.iam.createAccessKey(call, { UserName: "caller" });
    await restart();
    const { AccessKeyId = "", SecretAccessKey } = AccessKey ?? {};
    assert.equal(at.world.iam.secretOf(AccessKeyId), SecretAccessKey);
    assert.deepEqual(at.world.iam.principalOf(AccessKeyId, undefined), {
      kind: "user",
      userArn: "arn:aws:iam::123456789012:user/caller",
    });
    const modes = await Promise.all(["", "journal", "files"].map((name) => stat(join(folder, name))));
    assert.deepEqual(
      modes.map(({ mode }) => (mode & 0o777).toString(8)),
      ["700", "600", "700"],
    );
  });

  it("is uploads in progress, with the parts that have come", async () => {
    const { call } = at;
    const object = { Bucket: "payloads", Key: "long" };
    const { UploadId } = await at.world.s3.createMultipartUpload(call, object);
    const bytes = Buffer.alloc(5 * 1024 * 1024, "a");
    const { ETag } = await at.world.s3.uploadPart(call, { ...object, UploadId, PartNumber: 1, Body: bytes });
    await restart();
    const second = await at.world.s3.uploadPart(call, { ...object, UploadId, PartNumber: 2, Body: Buffer.from("b") });
    await at.world.s3.completeMultipartUpload(call, {
      ...object,
      UploadId,
      MultipartUpload: {
        Parts: [
          { PartNumber: 1, ETag },
          { PartNumber: 2, ETag: second.ETag },
        ],
      },
    });
    await restart();
    assert.equal(await at.read("s3://payloads/long"), `${bytes}b`);
    assert.equal((await at.world.s3.listMultipartUploads(call, { Bucket: "payloads" })).Uploads?.length, 0);
  });

  it("is the time: the world's clock never goes back", async () => {
    await at.minutes(600);
    const before = at.world.clock.now();
    await restart();
    assert.ok(at.world.clock.now() >= before, `${at.world.clock.now() - before} ms`);
  });

  it("is what was to be done later: a scheduled action is, at its time", async () => {
    const inTenMinutes = new Date(at.world.clock.now() + 600_000).toISOString().slice(0, 19);
    await at.world.applicationAutoScaling.putScheduledAction(at.call, {
      ...scalable,
      ScheduledActionName: "soon",
      Schedule: `at(${inTenMinutes})`,
      ScalableTargetAction: { MaxCapacity: 7 },
    });
    const most = async () =>
      (await at.world.applicationAutoScaling.describeScalableTargets(at.call, { ServiceNamespace: "sagemaker" }))
        .ScalableTargets?.[0]?.MaxCapacity;
    await at.minutes(5);
    await restart();
    await at.minutes(4);
    assert.equal(await most(), 2);
    await at.minutes(2);
    assert.equal(await most(), 7);
  });

  it("is nothing that was never said to be safe, and no half of it", async () => {
    const { call } = at;
    await at.world.keeper?.flushed();
    const release = at.world.keeper?.hold();
    await at.world.s3.putObject(call, { Bucket: "payloads", Key: "late", Body: "late" });
    await at.world.sns.createTopic(call, { Name: "late" });
    await at.kill();
    release?.();
    at = await EndpointWorld.open({ state: folder });
    await assert.rejects(at.read("s3://payloads/late"), { code: "NoSuchKey" });
    assert.deepEqual(
      (await at.world.sns.listTopics(call, {})).Topics?.map(({ TopicArn }) => TopicArn?.split(":").at(-1)),
      ["success", "error"],
    );
  });

  it("is no datapoint: an alarm judges by how it treats missing data until there are new ones", async () => {
    await at.minutes(20);
    await restart();
    const found = await at.world.cloudwatch.listMetrics(at.call, { Namespace: "AWS/SageMaker" });
    assert.deepEqual(found.Metrics, []);
  });

  it("is found in every field of every service, or named as not kept", () => {
    const unknown: string[] = [];
    const paths = new Set<string>();
    for (const service of keptServices) {
      for (const { path } of placesOf(at.world, service, undefined, (field) => unknown.push(field))) paths.add(path);
    }
    assert.deepEqual(unknown, []);
    assert.deepEqual(
      [...paths].filter((path) => notKept[path] !== undefined),
      [],
    );
    assert.ok(paths.has("sagemaker.regions.endpoints") && paths.has("iam.credentials"));
  });

  it("is looked for after every operation that is no question, unless it is written down where it happens", () => {
    const asks =
      /^(describe|filter|get|head|list|batchGet|receive|simulate|copy|complete|abort|upload|purge|send|publish|assume|invoke)/;
    const unknown = coverage(at.world).flatMap(({ service, played }) =>
      played
        .map(methodOf)
        .filter((name) => !changing.test(name) && !asks.test(name))
        .map((name) => `${service}.${name}`),
    );
    assert.deepEqual(unknown, []);
    const all = new Set<string>(keptServices.flatMap((service) => methodsOf(at.world[service] as object)));
    assert.deepEqual(
      [...writtenDownThere].filter((name) => !all.has(name)),
      [],
    );
  });
});

describe("a folder that something else has touched", () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "kept-")), "state");
    const at = await EndpointWorld.open({ state: folder });
    await at.world.s3.putObject({ ...at.call, principal: administrator }, { Bucket: "payloads", Key: "a", Body: "a" });
    await at.close();
  });
  afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

  const refused = (code: string) => (cause: { problems?: ReadonlyArray<{ code: string }> }) => {
    assert.deepEqual(
      cause.problems?.map((each) => each.code),
      [code],
    );
    return true;
  };

  it("is refused when its journal is damaged in the middle", async () => {
    const { writeFile } = await import("node:fs/promises");
    const journal = await readFile(join(folder, "journal"));
    journal[20] = 0x21;
    await writeFile(join(folder, "journal"), journal);
    await assert.rejects(EndpointWorld.open({ state: folder }), refused("ASY-571"));
  });

  it("is refused when the bytes of an object are gone", async () => {
    await rm(join(folder, "files/s3"), { recursive: true });
    await assert.rejects(EndpointWorld.open({ state: folder }), refused("ASY-571"));
  });

  it("is refused when it holds something else", async () => {
    const { mkdir, writeFile } = await import("node:fs/promises");
    const other = join(folder, "../other");
    await mkdir(other);
    await writeFile(join(other, "thesis.tex"), "");
    await assert.rejects(EndpointWorld.open({ state: other }), refused("ASY-572"));
    await assert.rejects(EndpointWorld.open({ state: join(other, "thesis.tex") }), refused("ASY-572"));
  });

  it("is refused while another serves from it", async () => {
    const at = await EndpointWorld.open({ state: folder });
    await assert.rejects(EndpointWorld.open({ state: folder }), refused("ASY-570"));
    await at.close();
  });

  it("is swept of files that nothing names", async () => {
    const { readdir, writeFile } = await import("node:fs/promises");
    await writeFile(join(folder, "files/s3/half-written"), "hal");
    const at = await EndpointWorld.open({ state: folder, containers: new FakeContainers() });
    assert.equal((await readdir(join(folder, "files/s3"))).includes("half-written"), false);
    assert.equal(await at.read("s3://payloads/a"), "a");
    await at.close();
  });
});
