import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Clock } from "../../../rehearsal/world/clock";
import { Ids } from "../../../rehearsal/world/ids";
import { World } from "../../../rehearsal/world/world";
import { FakeContainers } from "../../support/fake-containers";
import { directly, type Operation, overTheWire, throughTheProvider } from "./doors";
import { dumpOf } from "./world-dump";

const region = "eu-west-1";
const bucket = "three-ways-payloads";
const topic = (name: string): string => `arn:aws:sns:${region}:123456789012:${name}`;
const roleArn = "arn:aws:iam::123456789012:role/serving";
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const rights = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["s3:*", "sns:Publish", "logs:*", "cloudwatch:PutMetricData"], Resource: "*" },
  ],
});
const resourceId = "endpoint/echo/variant/primary";
const dimensionName = "sagemaker:variant:DesiredInstanceCount";

type Step = (door: { call: Operation; world: World }) => Promise<unknown>;

/** The story in AWS's own operations, for who calls the world or speaks over the wire. */
const operations: Readonly<Record<string, Step>> = {
  "a bucket, topics and a role": async ({ call }) => {
    await call("s3", "CreateBucket", { Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: region } });
    for (const Name of ["success", "error"]) await call("sns", "CreateTopic", { Name });
    await call("iam", "CreateRole", { RoleName: "serving", AssumeRolePolicyDocument: trust });
    await call("iam", "PutRolePolicy", { RoleName: "serving", PolicyName: "serve", PolicyDocument: rights });
  },
  "a model, a configuration and an endpoint in service": async ({ call, world }) => {
    await call("sagemaker", "CreateModel", {
      ModelName: "echo",
      ExecutionRoleArn: roleArn,
      PrimaryContainer: { Image: "registry.example/echo:1", Environment: { LEVEL: "info" } },
      Tags: [{ Key: "owner", Value: "me" }],
    });
    await call("sagemaker", "CreateEndpointConfig", configuration("echo-1", "s3://three-ways-payloads/results"));
    await call("sagemaker", "CreateEndpoint", { EndpointName: "echo", EndpointConfigName: "echo-1" });
    await settled(world);
  },
  "a scalable target, a policy and an alarm": async ({ call }) => {
    const on = { ServiceNamespace: "sagemaker", ResourceId: resourceId, ScalableDimension: dimensionName };
    await call("applicationAutoScaling", "RegisterScalableTarget", { ...on, MinCapacity: 0, MaxCapacity: 3 });
    const { PolicyARN } = await call("applicationAutoScaling", "PutScalingPolicy", {
      ...on,
      PolicyName: "idle",
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: {
        AdjustmentType: "ExactCapacity",
        Cooldown: 300,
        MetricAggregationType: "Maximum",
        StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: 0 }],
      },
    });
    await call("applicationAutoScaling", "PutScalingPolicy", {
      ...on,
      PolicyName: "backlog",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 2,
        DisableScaleIn: true,
        ScaleInCooldown: 600,
        ScaleOutCooldown: 60,
        CustomizedMetricSpecification: {
          Namespace: "AWS/SageMaker",
          MetricName: "ApproximateBacklogSizePerInstance",
          Statistic: "Average",
          Dimensions: [{ Name: "EndpointName", Value: "echo" }],
        },
      },
    });
    await call("cloudwatch", "PutMetricAlarm", {
      AlarmName: "idle",
      Namespace: "AWS/SageMaker",
      MetricName: "ApproximateBacklogSize",
      Dimensions: [{ Name: "EndpointName", Value: "echo" }],
      Statistic: "Maximum",
      Period: 60,
      EvaluationPeriods: 5,
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "missing",
      ActionsEnabled: true,
      AlarmActions: [PolicyARN],
    });
  },
  "another configuration": async ({ call, world }) => {
    await call("sagemaker", "CreateEndpointConfig", configuration("echo-2", "s3://three-ways-payloads/other"));
    await call("sagemaker", "UpdateEndpoint", { EndpointName: "echo", EndpointConfigName: "echo-2" });
    await settled(world);
    await call("sagemaker", "DeleteEndpointConfig", { EndpointConfigName: "echo-1" });
  },
  "nothing but the payloads": async ({ call, world }) => {
    await call("cloudwatch", "DeleteAlarms", { AlarmNames: ["idle"] });
    const on = { ServiceNamespace: "sagemaker", ResourceId: resourceId, ScalableDimension: dimensionName };
    for (const PolicyName of ["backlog", "idle"])
      await call("applicationAutoScaling", "DeleteScalingPolicy", { ...on, PolicyName });
    await call("applicationAutoScaling", "DeregisterScalableTarget", on);
    await call("sagemaker", "DeleteEndpoint", { EndpointName: "echo" });
    await gone(world);
    await call("sagemaker", "DeleteEndpointConfig", { EndpointConfigName: "echo-2" });
    await call("sagemaker", "DeleteModel", { ModelName: "echo" });
    await call("iam", "DeleteRolePolicy", { RoleName: "serving", PolicyName: "serve" });
    await call("iam", "DeleteRole", { RoleName: "serving" });
    for (const name of ["success", "error"]) await call("sns", "DeleteTopic", { TopicArn: topic(name) });
  },
};

type Provider = Awaited<ReturnType<typeof throughTheProvider>>;

/** The same story in Pulumi's resources. */
const resources: Readonly<Record<string, (provider: Provider) => Promise<unknown>>> = {
  "a bucket, topics and a role": async (provider) => {
    await provider.create("aws:s3/bucket:Bucket", "payloads", { bucket });
    for (const name of ["success", "error"]) await provider.create("aws:sns/topic:Topic", name, { name });
    await provider.create("aws:iam/role:Role", "serving", { name: "serving", assumeRolePolicy: trust });
    await provider.create("aws:iam/rolePolicy:RolePolicy", "serve", { name: "serve", role: "serving", policy: rights });
  },
  "a model, a configuration and an endpoint in service": async (provider) => {
    await provider.create("aws:sagemaker/model:Model", "model", {
      name: "echo",
      executionRoleArn: roleArn,
      primaryContainer: { image: "registry.example/echo:1", environment: { LEVEL: "info" } },
      tags: { owner: "me" },
    });
    await provider.create(configurationType, "first", configurationArgs("echo-1", "s3://three-ways-payloads/results"));
    await provider.create("aws:sagemaker/endpoint:Endpoint", "endpoint", {
      name: "echo",
      endpointConfigName: "echo-1",
    });
  },
  "a scalable target, a policy and an alarm": async (provider) => {
    const on = { serviceNamespace: "sagemaker", resourceId, scalableDimension: dimensionName };
    await provider.create("aws:appautoscaling/target:Target", "target", { ...on, minCapacity: 0, maxCapacity: 3 });
    const { outputs } = await provider.create("aws:appautoscaling/policy:Policy", "idle", {
      ...on,
      name: "idle",
      policyType: "StepScaling",
      stepScalingPolicyConfiguration: {
        adjustmentType: "ExactCapacity",
        cooldown: 300,
        metricAggregationType: "Maximum",
        stepAdjustments: [{ metricIntervalUpperBound: "0", scalingAdjustment: 0 }],
      },
    });
    await provider.create("aws:appautoscaling/policy:Policy", "backlog", {
      ...on,
      name: "backlog",
      policyType: "TargetTrackingScaling",
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 2,
        disableScaleIn: true,
        scaleInCooldown: 600,
        scaleOutCooldown: 60,
        customizedMetricSpecification: {
          namespace: "AWS/SageMaker",
          metricName: "ApproximateBacklogSizePerInstance",
          statistic: "Average",
          dimensions: [{ name: "EndpointName", value: "echo" }],
        },
      },
    });
    await provider.create("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", {
      name: "idle",
      namespace: "AWS/SageMaker",
      metricName: "ApproximateBacklogSize",
      dimensions: { EndpointName: "echo" },
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 5,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      alarmActions: [outputs.arn],
    });
  },
  "another configuration": async (provider) => {
    await provider.create(configurationType, "second", configurationArgs("echo-2", "s3://three-ways-payloads/other"));
    await provider.update("endpoint", { endpointConfigName: "echo-2" });
    await provider.delete("first");
  },
  "nothing but the payloads": async (provider) => {
    for (const name of ["alarm", "backlog", "idle", "target", "endpoint", "second", "model", "serve", "serving"])
      await provider.delete(name);
    for (const name of ["success", "error"]) await provider.delete(name);
  },
};

const configurationType = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";

function configuration(name: string, S3OutputPath: string) {
  return {
    EndpointConfigName: name,
    ProductionVariants: [
      {
        VariantName: "primary",
        ModelName: "echo",
        InstanceType: "ml.m5.large",
        InitialInstanceCount: 1,
        InitialVariantWeight: 1,
      },
    ],
    AsyncInferenceConfig: {
      ClientConfig: { MaxConcurrentInvocationsPerInstance: 2 },
      OutputConfig: {
        S3OutputPath,
        S3FailurePath: "s3://three-ways-payloads/failures",
        NotificationConfig: {
          SuccessTopic: topic("success"),
          ErrorTopic: topic("error"),
          IncludeInferenceResponseIn: ["ERROR_NOTIFICATION_TOPIC"],
        },
      },
    },
  };
}

function configurationArgs(name: string, s3OutputPath: string) {
  return {
    name,
    productionVariants: [
      {
        variantName: "primary",
        modelName: "echo",
        instanceType: "ml.m5.large",
        initialInstanceCount: 1,
        initialVariantWeight: 1,
      },
    ],
    asyncInferenceConfig: {
      clientConfig: { maxConcurrentInvocationsPerInstance: 2 },
      outputConfig: {
        s3OutputPath,
        s3FailurePath: "s3://three-ways-payloads/failures",
        notificationConfig: {
          successTopic: topic("success"),
          errorTopic: topic("error"),
          includeInferenceResponseIns: ["ERROR_NOTIFICATION_TOPIC"],
        },
      },
    },
  };
}

const here = (world: World) => directly(world, region);

/** Waits, as whoever polls DescribeEndpoint does. */
async function settled(world: World): Promise<void> {
  const isOver = () => world.sagemaker.endpoint(admin(world), "echo").status === "InService";
  assert.ok(await world.clock.until(isOver, 3_600_000));
}

async function gone(world: World): Promise<void> {
  const isGone = (): boolean => {
    try {
      world.sagemaker.endpoint(admin(world), "echo");
      return false;
    } catch {
      return true;
    }
  };
  assert.ok(await world.clock.until(isGone, 3_600_000));
}

const admin = (world: World) => ({ accountId: world.accountId, region, principal: { kind: "administrator" as const } });

/** A request and the minutes after it: resources have no requests, so these come in by the same door for all. */
async function used(world: World, call: Operation): Promise<void> {
  await call("s3", "PutObject", { Bucket: bucket, Key: "inputs/one", Body: Buffer.from("hello") });
  await call("sagemakerRuntime", "InvokeEndpointAsync", {
    EndpointName: "echo",
    InferenceId: "one",
    InputLocation: `s3://${bucket}/inputs/one`,
    Filename: "one.out",
    ContentType: "text/plain",
  });
  assert.ok(await world.clock.until(() => world.sagemaker.endpoint(admin(world), "echo").queue.backlog === 0, 600_000));
}

async function scaledIn(world: World): Promise<void> {
  const endpoint = world.sagemaker.endpoint(admin(world), "echo");
  assert.ok(await world.clock.until(() => endpoint.paid === 0 && endpoint.status === "InService", 3_600_000));
}

describe("the same story through the provider, over the wire and in the world itself", function () {
  this.timeout(60_000);
  const worlds: World[] = [];
  const folders: string[] = [];
  const closing: Array<() => Promise<void>> = [];

  const newWorld = async (): Promise<World> => {
    const folder = await mkdtemp(join(tmpdir(), "three-ways-"));
    folders.push(folder);
    const clock = new Clock({ kind: "fast-forward", quietMs: 0 }, Date.UTC(2026, 0, 1));
    const world = new World({ clock, folder, containers: new FakeContainers(), ids: Ids.seeded(worlds.length + 1) });
    worlds.push(world);
    return world;
  };

  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    for (const world of worlds.splice(0)) await world.close();
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  it("leaves the same world after each step", async () => {
    const [direct, wired, provided] = [await newWorld(), await newWorld(), await newWorld()];
    const wire = await overTheWire(wired, region);
    const provider = await throughTheProvider(provided, region);
    closing.push(wire.close, provider.close);
    const three = [
      { world: direct, call: here(direct) },
      { world: wired, call: wire.call },
      { world: provided, call: here(provided) },
    ];
    const compare = async (step: string): Promise<Record<string, unknown>> => {
      const dumps = await Promise.all(three.map(({ world }) => dumpOf(world, region)));
      assert.deepEqual(dumps[1], dumps[0], `over the wire, after ${step}`);
      assert.deepEqual(dumps[2], dumps[0], `through the provider, after ${step}`);
      return dumps[0] as Record<string, unknown>;
    };
    const play = async (
      step: string,
      afterwards: (world: World) => Promise<void> = async () => {},
    ): Promise<Record<string, unknown>> => {
      for (const each of three.slice(0, 2)) await operations[step]?.(each);
      await resources[step]?.(provider);
      for (const { world } of three) await afterwards(world);
      return compare(step);
    };
    assert.deepEqual(Object.keys(operations), Object.keys(resources));
    await play("a bucket, topics and a role");
    await play("a model, a configuration and an endpoint in service");
    await play("a scalable target, a policy and an alarm");
    for (const { world, call } of three) await used(world, call);
    await compare("a request");
    for (const { world } of three) await scaledIn(world);
    const idle = await compare("the way to zero");
    assert.deepEqual((idle.story as string[]).slice(-5), [
      "endpoint echo Updating",
      "scaled from 1 to 0: monitor alarm idle in state ALARM triggered policy idle",
      "endpoint echo InService",
      "notice TestNotification",
      "notice TestNotification",
    ]);
    // The new configuration's instance goes home as well, at once for one door and a poll later for another.
    await play("another configuration", scaledIn);
    const end = await play("nothing but the payloads");
    assert.deepEqual(
      Object.entries(end)
        .filter(([, value]) => Array.isArray(value) && value.length > 0)
        .map(([kind]) => kind),
      ["buckets", "story"],
    );
  });
});
