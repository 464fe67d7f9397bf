import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Properties } from "../../../rehearsal/provider/property";
import { resourceTypes } from "../../../rehearsal/provider/resource-types";
import { defaultTopicPolicy } from "../../../rehearsal/provider/resources/sns-topic-parts";
import { image, type ProviderWorld, startProviderWorld } from "./provider-world";

const account = "123456789012";
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const allow = (action: string, resource: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: resource }] });
const resourcePolicy = (action: string, resource: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Own",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: action,
        Resource: resource,
      },
    ],
  });

const forTheAccountAndItsLogs = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
    { Effect: "Allow", Principal: { Service: "logs.eu-west-1.amazonaws.com" }, Action: "kms:*", Resource: "*" },
  ],
});

/** What the resources under test stand on. */
interface Ground {
  readonly key: string;
  readonly otherKey: string;
  readonly bucket: string;
  readonly role: string;
  readonly roleArn: string;
  readonly topic: string;
  readonly queueArn: string;
  readonly queueUrl: string;
  readonly model: string;
  readonly config: string;
  readonly otherConfig: string;
  readonly endpoint: string;
}

async function lay({ make }: ProviderWorld): Promise<Ground> {
  const key = await make("aws:kms/key:Key", "ground", { policy: forTheAccountAndItsLogs });
  const otherKey = await make("aws:kms/key:Key", "other", {});
  const bucket = await make("aws:s3/bucket:Bucket", "ground", { forceDestroy: true });
  const role = await make("aws:iam/role:Role", "ground", { assumeRolePolicy: trust });
  await make("aws:iam/rolePolicy:RolePolicy", "ground", { role: role.id, policy: allow("*", "*") });
  const topic = await make("aws:sns/topic:Topic", "ground", {});
  const queue = await make("aws:sqs/queue:Queue", "ground", {});
  const model = await make("aws:sagemaker/model:Model", "ground", {
    executionRoleArn: role.outputs.arn,
    primaryContainer: { image },
  });
  const config = (name: string) =>
    make("aws:sagemaker/endpointConfiguration:EndpointConfiguration", name, {
      productionVariants: [
        { variantName: "main", modelName: model.id, instanceType: "ml.m5.large", initialInstanceCount: 1 },
      ],
      asyncInferenceConfig: { outputConfig: { s3OutputPath: `s3://${bucket.id}/results` } },
    });
  const first = await config("ground");
  const second = await config("other");
  const endpoint = await make("aws:sagemaker/endpoint:Endpoint", "ground", { endpointConfigName: first.id });
  await make("aws:appautoscaling/target:Target", "ground", {
    serviceNamespace: "sagemaker",
    resourceId: `endpoint/${endpoint.id}/variant/main`,
    scalableDimension: "sagemaker:variant:DesiredInstanceCount",
    minCapacity: 0,
    maxCapacity: 2,
  });
  return {
    key: String(key.outputs.arn),
    otherKey: String(otherKey.outputs.arn),
    bucket: bucket.id,
    role: role.id,
    roleArn: String(role.outputs.arn),
    topic: topic.id,
    queueArn: String(queue.outputs.arn),
    queueUrl: queue.id,
    model: model.id,
    config: first.id,
    otherConfig: second.id,
    endpoint: endpoint.id,
  };
}

interface Case {
  readonly type: string;
  readonly inputs: (ground: Ground) => Properties;
  /** The id in the form AWS's provider uses. */
  readonly id: (ground: Ground, inputs: Properties) => string | RegExp;
  /** Inputs that change in place; absent where none do. */
  readonly change?: (ground: Ground) => Properties;
  /** An input whose change replaces; absent where only the region does. */
  readonly replacing?: (ground: Ground) => Properties;
  /** Outputs a program would read. */
  readonly outputs?: (ground: Ground, id: string) => Properties;
  /** What a setting goes back to when it is taken from something that stays; absent where nothing is left to read. */
  readonly stays?: (ground: Ground) => Properties;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const scaled = (endpoint: string) => ({
  serviceNamespace: "sagemaker",
  resourceId: `endpoint/${endpoint}/variant/main`,
  scalableDimension: "sagemaker:variant:DesiredInstanceCount",
});

const cases: readonly Case[] = [
  {
    type: "aws:kms/key:Key",
    inputs: () => ({
      description: "a key",
      enableKeyRotation: true,
      deletionWindowInDays: 7,
      policy: resourcePolicy("kms:*", "*"),
      tags: { owner: "me" },
    }),
    id: () => uuid,
    change: () => ({ description: "another", enableKeyRotation: false, isEnabled: false, tags: { team: "us" } }),
    replacing: () => ({ multiRegion: true }),
    outputs: (_ground, id) => ({ keyId: id, arn: `arn:aws:kms:eu-west-1:${account}:key/${id}` }),
  },
  {
    type: "aws:kms/alias:Alias",
    inputs: ({ key }) => ({ name: "alias/under-test", targetKeyId: key }),
    id: () => "alias/under-test",
    change: ({ otherKey }) => ({ targetKeyId: otherKey }),
    replacing: () => ({ name: "alias/renamed" }),
    outputs: ({ key }) => ({
      arn: `arn:aws:kms:eu-west-1:${account}:alias/under-test`,
      targetKeyArn: key,
    }),
  },
  {
    type: "aws:s3/bucket:Bucket",
    inputs: () => ({ forceDestroy: true, tags: { owner: "me" } }),
    id: () => "under-test-e9c258e",
    change: () => ({ forceDestroy: false, tags: {} }),
    replacing: () => ({ bucket: "another-bucket" }),
    outputs: (_ground, id) => ({
      arn: `arn:aws:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${id}.s3.eu-west-1.amazonaws.com`,
    }),
  },
  {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    inputs: ({ bucket }) => ({ bucket, blockPublicAcls: true, restrictPublicBuckets: true }),
    id: ({ bucket }) => bucket,
    change: () => ({ blockPublicPolicy: true, blockPublicAcls: false }),
    replacing: () => ({ bucket: "another-bucket" }),
  },
  {
    type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    inputs: ({ bucket }) => ({ bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }),
    id: ({ bucket }) => bucket,
    change: () => ({ rule: { objectOwnership: "BucketOwnerPreferred" } }),
    replacing: () => ({ bucket: "another-bucket" }),
  },
  {
    type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    inputs: ({ bucket, key }) => ({
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
          bucketKeyEnabled: true,
        },
      ],
    }),
    id: ({ bucket }) => bucket,
    change: ({ otherKey }) => ({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: otherKey } }],
    }),
    stays: () => ({ rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }),
    replacing: () => ({ bucket: "another-bucket" }),
  },
  {
    type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    inputs: ({ bucket }) => ({
      bucket,
      rules: [
        { id: "results", status: "Enabled", filter: { prefix: "results/" }, expiration: { days: 30 } },
        {
          id: "parts",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
      ],
    }),
    id: ({ bucket }) => bucket,
    change: () => ({
      rules: [{ id: "results", status: "Disabled", filter: { prefix: "results/" }, expiration: { days: 7 } }],
    }),
    replacing: () => ({ bucket: "another-bucket" }),
  },
  {
    type: "aws:s3/bucketPolicy:BucketPolicy",
    inputs: ({ bucket }) => ({ bucket, policy: resourcePolicy("s3:GetObject", `arn:aws:s3:::${bucket}/*`) }),
    id: ({ bucket }) => bucket,
    change: ({ bucket }) => ({ policy: resourcePolicy("s3:PutObject", `arn:aws:s3:::${bucket}/*`) }),
    replacing: () => ({ bucket: "another-bucket" }),
  },
  {
    type: "aws:s3/bucketVersioning:BucketVersioning",
    inputs: ({ bucket }) => ({ bucket, versioningConfiguration: { status: "Suspended" } }),
    id: ({ bucket }) => bucket,
    change: () => ({ versioningConfiguration: { status: "Enabled" } }),
    stays: () => ({ versioningConfiguration: { status: "Suspended" } }),
    replacing: () => ({ bucket: "another-bucket" }),
  },
  {
    type: "aws:s3/bucketObjectv2:BucketObjectv2",
    inputs: ({ bucket, key }) => ({
      bucket,
      key: "models/model.json",
      source: {
        "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
        path: "model.json",
        hash: "aa",
      },
      kmsKeyId: key,
      contentType: "application/json",
      tags: { owner: "me" },
    }),
    id: () => "models/model.json",
    change: () => ({ source: undefined, content: "{}", contentType: "text/plain", metadata: { a: "1" }, tags: {} }),
    replacing: () => ({ key: "models/other.json" }),
    outputs: ({ bucket }) => ({ arn: `arn:aws:s3:::${bucket}/models/model.json` }),
  },
  {
    type: "aws:iam/role:Role",
    inputs: () => ({ assumeRolePolicy: trust, description: "a role", tags: { owner: "me" } }),
    id: () => "under-test-e9c258e",
    change: () => ({
      description: "another",
      maxSessionDuration: 7200,
      permissionsBoundary: `arn:aws:iam::${account}:policy/attached`,
      tags: { team: "us" },
    }),
    replacing: () => ({ name: "renamed" }),
    outputs: (_ground, id) => ({ arn: `arn:aws:iam::${account}:role/${id}` }),
  },
  {
    type: "aws:iam/rolePolicy:RolePolicy",
    inputs: ({ role, bucket }) => ({ name: "reads", role, policy: allow("s3:GetObject", `arn:aws:s3:::${bucket}/*`) }),
    id: ({ role }) => `${role}:reads`,
    change: ({ bucket }) => ({ policy: allow("s3:PutObject", `arn:aws:s3:::${bucket}/*`) }),
    replacing: () => ({ name: "writes" }),
  },
  {
    type: "aws:iam/policy:Policy",
    inputs: ({ bucket }) => ({ name: "shared", policy: allow("s3:GetObject", `arn:aws:s3:::${bucket}/*`) }),
    id: () => `arn:aws:iam::${account}:policy/shared`,
    change: ({ bucket }) => ({ policy: allow("s3:PutObject", `arn:aws:s3:::${bucket}/*`), tags: { owner: "me" } }),
    replacing: () => ({ description: "what it is for" }),
    outputs: () => ({ arn: `arn:aws:iam::${account}:policy/shared` }),
  },
  {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    inputs: ({ role }) => ({ role, policyArn: `arn:aws:iam::${account}:policy/attached` }),
    id: ({ role }) => `${role}/arn:aws:iam::${account}:policy/attached`,
    replacing: () => ({ policyArn: `arn:aws:iam::${account}:policy/other` }),
  },
  {
    type: "aws:sns/topic:Topic",
    inputs: ({ key }) => ({ kmsMasterKeyId: key, displayName: "Results", tags: { owner: "me" } }),
    id: () => `arn:aws:sns:eu-west-1:${account}:under-test-e9c258e`,
    change: () => ({ displayName: "Outcomes", tags: { team: "us" } }),
    replacing: () => ({ name: "renamed" }),
    outputs: (_ground, id) => ({ arn: id, owner: account }),
  },
  {
    type: "aws:sns/topicPolicy:TopicPolicy",
    inputs: ({ topic }) => ({ arn: topic, policy: resourcePolicy("sns:Publish", topic) }),
    id: ({ topic }) => topic,
    change: ({ topic }) => ({ policy: resourcePolicy("sns:Subscribe", topic) }),
    stays: ({ topic }) => ({ policy: JSON.stringify(defaultTopicPolicy(topic, account)) }),
    replacing: () => ({ arn: `arn:aws:sns:eu-west-1:${account}:other` }),
  },
  {
    type: "aws:sns/topicSubscription:TopicSubscription",
    inputs: ({ topic, queueArn }) => ({ topic, protocol: "sqs", endpoint: queueArn }),
    id: ({ topic }) => new RegExp(`^${topic}:${uuid.source.slice(1)}`),
    change: () => ({ rawMessageDelivery: true }),
    replacing: () => ({ endpoint: `arn:aws:sqs:eu-west-1:${account}:other` }),
    outputs: (_ground, id) => ({ arn: id, pendingConfirmation: false }),
  },
  {
    type: "aws:sqs/queue:Queue",
    inputs: ({ key, queueArn }) => ({
      kmsMasterKeyId: key,
      messageRetentionSeconds: 86_400,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn, maxReceiveCount: 3 }),
      tags: { owner: "me" },
    }),
    id: () => /^https?:\/\/.+\/123456789012\/under-test-e9c258e$/,
    change: () => ({ visibilityTimeoutSeconds: 60, messageRetentionSeconds: 3600, tags: { team: "us" } }),
    replacing: () => ({ name: "renamed" }),
    outputs: (_ground, id) => ({ url: id, arn: `arn:aws:sqs:eu-west-1:${account}:under-test-e9c258e` }),
  },
  {
    type: "aws:sqs/queuePolicy:QueuePolicy",
    inputs: ({ queueUrl, queueArn }) => ({ queueUrl, policy: resourcePolicy("sqs:SendMessage", queueArn) }),
    id: ({ queueUrl }) => queueUrl,
    change: ({ queueArn }) => ({ policy: resourcePolicy("sqs:ReceiveMessage", queueArn) }),
    replacing: () => ({ queueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/other" }),
  },
  {
    type: "aws:sagemaker/model:Model",
    inputs: ({ roleArn, bucket }) => ({
      executionRoleArn: roleArn,
      primaryContainer: {
        image,
        modelDataUrl: `s3://${bucket}/model.tar.gz`,
        environment: { SAGEMAKER_MODEL_SERVER_TIMEOUT: "3600" },
      },
      enableNetworkIsolation: true,
      tags: { owner: "me" },
    }),
    id: () => "under-test-e9c258e",
    change: () => ({ tags: { team: "us" } }),
    replacing: () => ({ primaryContainer: { image: `${image}2` } }),
    outputs: (_ground, id) => ({ arn: `arn:aws:sagemaker:eu-west-1:${account}:model/${id}` }),
  },
  {
    type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
    inputs: ({ model, bucket, key, topic }) => ({
      kmsKeyArn: key,
      productionVariants: [
        {
          variantName: "main",
          modelName: model,
          instanceType: "ml.m5.large",
          initialInstanceCount: 1,
          volumeSizeInGb: 50,
          containerStartupHealthCheckTimeoutInSeconds: 600,
        },
      ],
      asyncInferenceConfig: {
        clientConfig: { maxConcurrentInvocationsPerInstance: 4 },
        outputConfig: {
          kmsKeyId: key,
          s3OutputPath: `s3://${bucket}/results`,
          s3FailurePath: `s3://${bucket}/failures`,
          notificationConfig: {
            successTopic: topic,
            errorTopic: topic,
            includeInferenceResponseIns: ["SUCCESS_NOTIFICATION_TOPIC", "ERROR_NOTIFICATION_TOPIC"],
          },
        },
      },
      tags: { owner: "me" },
    }),
    id: () => "under-test-e9c258e",
    change: () => ({ tags: { team: "us" } }),
    replacing: ({ model }) => ({
      productionVariants: [
        { variantName: "main", modelName: model, instanceType: "ml.m5.xlarge", initialInstanceCount: 1 },
      ],
    }),
    outputs: (_ground, id) => ({ arn: `arn:aws:sagemaker:eu-west-1:${account}:endpoint-config/${id}` }),
  },
  {
    type: "aws:sagemaker/endpoint:Endpoint",
    inputs: ({ config }) => ({ endpointConfigName: config, tags: { owner: "me" } }),
    id: () => "under-test-e9c258e",
    change: ({ otherConfig }) => ({
      endpointConfigName: otherConfig,
      deploymentConfig: {
        blueGreenUpdatePolicy: {
          terminationWaitInSeconds: 60,
          trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 60 },
        },
      },
      tags: { team: "us" },
    }),
    replacing: () => ({ name: "renamed" }),
    outputs: (_ground, id) => ({ arn: `arn:aws:sagemaker:eu-west-1:${account}:endpoint/${id}` }),
  },
  {
    type: "aws:appautoscaling/policy:Policy",
    inputs: ({ endpoint }) => ({
      ...scaled(endpoint),
      policyType: "StepScaling",
      stepScalingPolicyConfiguration: {
        adjustmentType: "ChangeInCapacity",
        cooldown: 60,
        metricAggregationType: "Maximum",
        stepAdjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }],
      },
    }),
    id: () => "under-test-e9c258e",
    change: ({ endpoint }) => ({
      policyType: "TargetTrackingScaling",
      stepScalingPolicyConfiguration: undefined,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 5,
        scaleInCooldown: 600,
        customizedMetricSpecification: {
          metricName: "ApproximateBacklogSizePerInstance",
          namespace: "AWS/SageMaker",
          statistic: "Average",
          dimensions: [{ name: "EndpointName", value: endpoint }],
        },
      },
    }),
    replacing: () => ({ name: "renamed" }),
    outputs: () => ({ alarmArns: [] }),
  },
  {
    type: "aws:appautoscaling/scheduledAction:ScheduledAction",
    inputs: ({ endpoint }) => ({
      ...scaled(endpoint),
      schedule: "cron(0 8 ? * MON-FRI *)",
      timezone: "Europe/Dublin",
      scalableTargetAction: { minCapacity: 0 },
      startTime: "2026-02-01T00:00:00Z",
    }),
    id: ({ endpoint }) => `under-test-e9c258e-sagemaker-endpoint/${endpoint}/variant/main`,
    change: () => ({ schedule: "rate(1 hour)", scalableTargetAction: { minCapacity: 1, maxCapacity: 2 } }),
    replacing: () => ({ name: "renamed" }),
  },
  {
    type: "aws:appautoscaling/target:Target",
    inputs: ({ endpoint }) => ({ ...scaled(endpoint), minCapacity: 0, maxCapacity: 3, tags: { owner: "me" } }),
    id: ({ endpoint }) => `endpoint/${endpoint}/variant/main`,
    change: () => ({ minCapacity: 1, maxCapacity: 5, tags: { team: "us" } }),
    replacing: () => ({ resourceId: "endpoint/other/variant/main" }),
  },
  {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    inputs: ({ endpoint, topic }) => ({
      namespace: "AWS/SageMaker",
      metricName: "HasBacklogWithoutCapacity",
      dimensions: { EndpointName: endpoint },
      statistic: "Average",
      period: 60,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      alarmActions: [topic],
      okActions: [topic],
      alarmDescription: "wakes the fleet",
      tags: { owner: "me" },
    }),
    id: () => "under-test-e9c258e",
    change: () => ({
      metricName: "ApproximateBacklogSize",
      statistic: "Maximum",
      threshold: 5,
      evaluationPeriods: 3,
      treatMissingData: "notBreaching",
      okActions: undefined,
      tags: { team: "us" },
    }),
    replacing: () => ({ name: "renamed" }),
    outputs: (_ground, id) => ({ arn: `arn:aws:cloudwatch:eu-west-1:${account}:alarm:${id}` }),
  },
  {
    type: "aws:lambda/permission:Permission",
    inputs: ({ topic }) => ({
      action: "lambda:InvokeFunction",
      function: "collects",
      principal: "sns.amazonaws.com",
      sourceArn: topic,
      sourceAccount: account,
      qualifier: "live",
    }),
    id: () => "under-test-e9c258e",
    replacing: () => ({ function: "other" }),
  },
  {
    type: "aws:cloudwatch/dashboard:Dashboard",
    inputs: () => ({ dashboardName: "fleet", dashboardBody: '{ "widgets": [] }' }),
    id: () => "fleet",
    change: () => ({ dashboardBody: '{"start":"-PT6H","widgets":[]}' }),
    replacing: () => ({ dashboardName: "renamed" }),
    outputs: () => ({ dashboardArn: `arn:aws:cloudwatch::${account}:dashboard/fleet` }),
  },
  {
    type: "aws:ecr/repository:Repository",
    inputs: () => ({
      name: "team/model",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      tags: { owner: "me" },
    }),
    id: () => "team/model",
    change: () => ({
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: false },
      tags: { team: "us" },
    }),
    replacing: () => ({ name: "team/other" }),
    outputs: () => ({
      arn: `arn:aws:ecr:eu-west-1:${account}:repository/team/model`,
      registryId: account,
      repositoryUrl: `${account}.dkr.ecr.eu-west-1.amazonaws.com/team/model`,
    }),
  },
  {
    type: "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    inputs: () => ({
      replicationConfiguration: {
        rules: [
          {
            destinations: [{ region: "us-east-1", registryId: account }],
            repositoryFilters: [{ filter: "team/", filterType: "PREFIX_MATCH" }],
          },
        ],
      },
    }),
    id: () => account,
    change: () => ({
      replicationConfiguration: { rules: [{ destinations: [{ region: "us-west-2", registryId: account }] }] },
    }),
    outputs: () => ({ registryId: account }),
  },
  {
    type: "aws:cloudwatch/logGroup:LogGroup",
    inputs: ({ key }) => ({ name: "/aws/sagemaker/x", retentionInDays: 30, kmsKeyId: key, tags: { owner: "me" } }),
    id: () => "/aws/sagemaker/x",
    change: () => ({ retentionInDays: undefined, tags: { team: "us" } }),
    replacing: () => ({ name: "/aws/sagemaker/y" }),
    outputs: () => ({ arn: `arn:aws:logs:eu-west-1:${account}:log-group:/aws/sagemaker/x` }),
  },
];

const name = "under-test";
const seed = Buffer.from(name);

describe("resource types", () => {
  let at: ProviderWorld;
  let ground: Ground;

  before(async () => {
    at = await startProviderWorld();
    ground = await lay(at);
    await writeFile(join(at.folder, "model.json"), '{"weights":[]}');
    await at.make("aws:iam/policy:Policy", "attached", { name: "attached", policy: allow("s3:GetObject", "*") });
  });

  after(() => at.close());

  it("are each tried out below", () => {
    assert.deepEqual(cases.map(({ type }) => type).sort(), [...resourceTypes.keys()].sort());
  });

  for (const { type, inputs: given, id: expectedId, change, replacing, outputs, stays } of cases) {
    it(`${type} is created, read without drift, changed, and deleted twice`, async () => {
      const { provider, passing } = at;
      const checked = provider.check({ type, name, news: given(ground), seed });
      assert.deepEqual(checked.failures, []);

      const created = await passing(provider.create({ type, inputs: checked.inputs }));
      const wanted = expectedId(ground, checked.inputs);
      if (typeof wanted === "string") assert.equal(created.id, wanted);
      else assert.match(created.id, wanted);
      const told = outputs?.(ground, created.id) ?? {};
      assert.deepEqual(pick(created.outputs, Object.keys(told)), told);

      let state = { type, inputs: checked.inputs, ...created };
      assert.deepEqual(await provider.read(state), { id: state.id, inputs: state.inputs, outputs: state.outputs });

      if (change !== undefined) {
        const next = provider.check({
          type,
          name,
          news: without({ ...given(ground), ...change(ground) }),
          olds: state.inputs,
          seed,
        });
        assert.deepEqual(next.failures, []);
        const difference = provider.diff({ type, name, oldInputs: state.inputs, news: next.inputs });
        assert.notEqual(difference.changes.size, 0);
        assert.deepEqual(difference.replaces, []);
        const updated = await passing(provider.update({ ...state, news: next.inputs }));
        state = { ...state, inputs: next.inputs, outputs: updated.outputs };
        const { id, inputs } = await provider.read(state);
        assert.deepEqual({ id, inputs }, { id: state.id, inputs: state.inputs });
      }

      await passing(provider.delete(state));
      const left = await provider.read(state);
      if (stays === undefined) assert.deepEqual(left, { id: "", inputs: {}, outputs: {} });
      else assert.deepEqual(pick(left.inputs, Object.keys(stays(ground))), stays(ground));
      await passing(provider.delete(state));
    });

    it(`${type} is replaced when ${[...Object.keys(replacing?.({} as Ground) ?? {}), "the region"].join(" or ")} changes`, () => {
      const { provider } = at;
      const olds = provider.check({ type, name, news: given(ground), seed }).inputs;
      const replacesWith = (changed: Properties) => {
        const news = provider.check({ type, name, news: { ...given(ground), ...changed }, olds, seed }).inputs;
        return provider.diff({ type, name, oldInputs: olds, news }).replaces;
      };
      if (replacing !== undefined) assert.deepEqual(replacesWith(replacing(ground)), Object.keys(replacing(ground)));
      if (resourceTypes.get(type)?.regional === true) {
        assert.deepEqual(replacesWith({ region: "eu-central-1" }), ["region"]);
      }
    });

    it(`${type} in a preview shows its inputs and leaves the rest open`, async () => {
      const { provider } = at;
      const { inputs } = provider.check({ type, name, news: given(ground), seed });
      const { id, outputs: shown } = await provider.create({ type, inputs, preview: true });
      const computed = resourceTypes.get(type)?.computed ?? [];
      const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
      assert.deepEqual(
        { id, shown },
        {
          id: "",
          shown: {
            ...Object.fromEntries(computed.map((each) => [each, unknown])),
            ...inputs,
            ...(inputs.tags === undefined ? {} : { tagsAll: inputs.tags }),
          },
        },
      );
    });
  }
});

describe("the body of a dashboard resource", () => {
  it("that CloudWatch would refuse is refused at the check, with CloudWatch's own words", async () => {
    const at = await startProviderWorld();
    try {
      const { failures } = at.provider.check({
        type: "aws:cloudwatch/dashboard:Dashboard",
        name,
        news: {
          dashboardName: "fleet",
          dashboardBody: '{"widgets":[{"type":"metric","properties":{"metrics":[["AWS/SageMaker","m"]]}}]}',
        },
        seed,
      });
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["dashboardBody"],
      );
      assert.match(
        failures[0]?.reason ?? "",
        /^ASY-562 PutDashboard would be refused: The dashboard body is invalid, there are 1 validation errors:[\s\S]*"The metric widget should have specified a region and a data source or an alarm annotation"/,
      );
    } finally {
      await at.close();
    }
  });
});

function pick(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(names.map((each) => [each, properties[each]]));
}

function without(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
