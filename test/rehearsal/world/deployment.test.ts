import assert from "node:assert/strict";
import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import { AwsError } from "../../../rehearsal/world/aws-error";
import { as } from "../../../rehearsal/world/call";
import { EndpointWorld, resourceId } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

const alarms = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: "errors" }] } };
const canary = (more: object = {}): DeploymentConfig => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: "CANARY",
      WaitIntervalInSeconds: 600,
      CanarySize: { Type: "INSTANCE_COUNT", Value: 1 },
    },
    TerminationWaitInSeconds: 300,
    ...more,
  },
  ...alarms,
});
const linear: DeploymentConfig = {
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: "LINEAR",
      WaitIntervalInSeconds: 600,
      LinearStepSize: { Type: "CAPACITY_PERCENT", Value: 50 },
    },
  },
};
const rolling: DeploymentConfig = {
  RollingUpdatePolicy: { MaximumBatchSize: { Type: "INSTANCE_COUNT", Value: 1 }, WaitIntervalInSeconds: 600 },
  ...alarms,
};

describe("an update under deployment guardrails", () => {
  let at: EndpointWorld;
  beforeEach(async () => {
    at = await EndpointWorld.open({ containers: new FakeContainers(() => ({ body: "done", workSeconds: 5 })) });
    for (const [name, model, type] of [
      ["echo-2", "echo", "ml.m5.large"],
      ["echo-3", "echo", "ml.m5.large"],
    ]) {
      await at.world.sagemaker.createEndpointConfig(at.call, {
        ...(await at.world.sagemaker.describeEndpointConfig(at.call, { EndpointConfigName: "echo-1" })),
        EndpointConfigName: name,
        ProductionVariants: [
          { VariantName: "primary", ModelName: model, InstanceType: type as "ml.m5.large", InitialInstanceCount: 2 },
        ],
      });
    }
    await at.world.iam.putRolePolicy(at.call, {
      RoleName: "serving",
      PolicyName: "alarms",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "cloudwatch:DescribeAlarms", Resource: "*" }],
      }),
    });
    await at.world.cloudwatch.putMetricAlarm(at.call, {
      AlarmName: "errors",
      Namespace: "Test",
      MetricName: "Errors",
      Period: 60,
      EvaluationPeriods: 1,
      Statistic: "Sum",
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    });
    await update("echo-2");
    await at.minutes(10);
    assert.deepEqual(await shape(), ["InService", "echo-2", 2, undefined]);
  });
  afterEach(() => at.close());

  const update = (EndpointConfigName: string, DeploymentConfig?: DeploymentConfig) =>
    at.world.sagemaker.updateEndpoint(at.call, { EndpointName: "echo", EndpointConfigName, DeploymentConfig });
  const shape = async () => {
    const found = await at.world.sagemaker.describeEndpoint(at.call, { EndpointName: "echo" });
    return [
      found.EndpointStatus,
      found.EndpointConfigName,
      found.ProductionVariants?.[0]?.CurrentInstanceCount,
      found.FailureReason,
    ];
  };
  const alarm = (StateValue: "OK" | "ALARM") =>
    at.world.cloudwatch.setAlarmState(at.call, { AlarmName: "errors", StateValue, StateReason: "test" });
  /** Sends four requests, which all instances share at a concurrency of one, and says which instances took them. */
  const takers = async (prefix: string): Promise<string[]> => {
    for (let index = 0; index < 4; index++) await at.send(`${prefix}-${index}`);
    await at.minutes(1);
    const started = at
      .journal("request")
      .filter(({ step, inferenceId }) => step === "started" && inferenceId.startsWith(prefix));
    assert.equal(started.length, 4);
    return [...new Set(started.map(({ instanceId }) => instanceId ?? ""))];
  };

  it("gives a canary its share of the work, bakes, and moves on", async () => {
    const before = await takers("before");
    assert.equal(before.length, 2);
    await update("echo-3", canary());
    await at.minutes(5);
    const during = await takers("during");
    assert.equal(during.length, 2);
    assert.equal(during.filter((id) => before.includes(id)).length, 1);
    await at.minutes(10);
    const after = await takers("after");
    assert.equal(after.filter((id) => before.includes(id)).length, 0);
    assert.equal((await shape())[0], "Updating");
    await at.minutes(6);
    assert.deepEqual(await shape(), ["InService", "echo-3", 2, undefined]);
    assert.deepEqual(
      await at.drainNotices().then((all) => new Set(all.map((each) => each.invocationStatus))),
      new Set(["Completed"]),
    );
  });

  it("goes back when an alarm goes off while the canary bakes, and answers every request", async () => {
    const before = await takers("before");
    await update("echo-3", canary());
    await at.minutes(5);
    await alarm("ALARM");
    await at.minutes(3);
    assert.deepEqual(await shape(), [
      "InService",
      "echo-2",
      2,
      "The deployment was rolled back because of the CloudWatch alarm errors in ALARM.",
    ]);
    assert.deepEqual((await takers("after")).sort(), [...before].sort());
    assert.deepEqual(
      at
        .journal("endpoint")
        .map(({ status }) => status)
        .slice(-3),
      ["Updating", "RollingBack", "InService"],
    );
  });

  it("goes back when the alarm goes off in the termination wait, too", async () => {
    await update("echo-3", canary());
    await at.minutes(16);
    await alarm("ALARM");
    await at.minutes(3);
    assert.deepEqual((await shape()).slice(0, 3), ["InService", "echo-2", 2]);
  });

  it("goes back when it takes longer than it may", async () => {
    await update("echo-3", canary({ MaximumExecutionTimeoutInSeconds: 600 }));
    await at.minutes(12);
    assert.deepEqual(await shape(), [
      "InService",
      "echo-2",
      2,
      "The deployment was rolled back because it took longer than 600 seconds.",
    ]);
  });

  it("shifts in linear steps", async () => {
    const before = await takers("before");
    await update("echo-3", linear);
    await at.minutes(5);
    assert.equal((await takers("half")).filter((id) => before.includes(id)).length, 1);
    await at.minutes(10);
    assert.deepEqual(await shape(), ["InService", "echo-3", 2, undefined]);
  });

  it("rolls in batches with never more than one instance too many", async () => {
    await update("echo-3", rolling);
    await at.minutes(40);
    assert.deepEqual(await shape(), ["InService", "echo-3", 2, undefined]);
    const most = Math.max(
      ...at
        .journal("instances")
        .slice(-30)
        .map(({ running }) => running),
    );
    assert.equal(most, 3);
  });

  it("rolls back with instances of the old configuration where they had gone", async () => {
    await update("echo-3", rolling);
    await at.minutes(20);
    await alarm("ALARM");
    await at.minutes(15);
    assert.deepEqual((await shape()).slice(0, 3), ["InService", "echo-2", 2]);
    assert.equal((await takers("after")).length, 2);
  });

  it("keeps both configurations from deletion while it runs", async () => {
    await update("echo-3", canary());
    await at.minutes(1);
    for (const EndpointConfigName of ["echo-2", "echo-3"]) {
      await assert.rejects(
        at.world.sagemaker.deleteEndpointConfig(at.call, { EndpointConfigName }),
        /is in use by endpoint/,
      );
    }
    await at.minutes(30);
    await at.world.sagemaker.deleteEndpointConfig(at.call, { EndpointConfigName: "echo-2" });
  });

  const refusals: Array<[string, DeploymentConfig, RegExp]> = [
    ["two policies at once", { ...canary(), ...rolling }, /Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy/],
    [
      "a canary of more than half the fleet",
      canary({
        TrafficRoutingConfiguration: {
          Type: "CANARY",
          WaitIntervalInSeconds: 0,
          CanarySize: { Type: "INSTANCE_COUNT", Value: 2 },
        },
      }),
      /CanarySize of 2 of 2 instances is not within 1 to 50 percent/,
    ],
    [
      "a linear step of a twentieth",
      {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: "LINEAR",
            WaitIntervalInSeconds: 0,
            LinearStepSize: { Type: "CAPACITY_PERCENT", Value: 5 },
          },
        },
      },
      /LinearStepSize of 5 percent is not within 10 to 50 percent/,
    ],
    [
      "a canary without a size",
      { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: "CANARY", WaitIntervalInSeconds: 0 } } },
      /CanarySize is required/,
    ],
    ["a wait beyond the hour", canary({ TerminationWaitInSeconds: 3601 }), /terminationWaitInSeconds/],
    ["no time at all", canary({ MaximumExecutionTimeoutInSeconds: 599 }), /maximumExecutionTimeoutInSeconds/],
  ];
  for (const [what, config, message] of refusals) {
    it(`is refused with ${what}`, async () => {
      await assert.rejects(
        update("echo-3", config),
        (cause) => cause instanceof AwsError && message.test(cause.message),
      );
      assert.deepEqual(await shape(), ["InService", "echo-2", 2, undefined]);
    });
  }

  it("is refused when the role may not read the alarms", async () => {
    await at.world.iam.deleteRolePolicy(at.call, { RoleName: "serving", PolicyName: "alarms" });
    await assert.rejects(
      update("echo-3", canary()),
      /"cloudwatch:DescribeAlarms" permissions for alarm arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors/,
    );
  });
});

describe("deleting an endpoint with a scalable target", () => {
  it("deregisters it, or is refused where the caller may not", async () => {
    const at = await EndpointWorld.open({ max: 2 });
    const targets = async () =>
      (
        await at.world.applicationAutoScaling.describeScalableTargets(at.call, { ServiceNamespace: "sagemaker" })
      ).ScalableTargets?.map(({ ResourceId }) => ResourceId);
    await assert.rejects(
      at.world.sagemaker.deleteEndpoint(
        as(at.call, { kind: "role", roleArn: "arn:aws:iam::123456789012:role/serving" }),
        {
          EndpointName: "echo",
        },
      ),
      /An Application AutoScaling scalable target exists for a variant being deleted, and the IAM identity used to invoke DeleteEndpoint does not have application-autoscaling:DeregisterScalableTarget permission/,
    );
    assert.deepEqual(await targets(), [resourceId]);
    await at.world.sagemaker.deleteEndpoint(at.call, { EndpointName: "echo" });
    assert.deepEqual(await targets(), []);
    await at.close();
  });
});
