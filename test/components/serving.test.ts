import assert from "node:assert/strict";
import type { RegionContext } from "../../components/context";
import { deploymentConfig, rollbackAlarmArns } from "../../components/deployment-config";
import { imageOf } from "../../components/image";
import { givenModel, localPath } from "../../components/model-data";
import { parseSettings } from "../../contract/settings";

const uri = "123456789012.dkr.ecr.{region}.amazonaws.com/team/model:1";

function contextWith(raw: Record<string, unknown>): RegionContext {
  const settings = parseSettings(
    { regions: ["eu-west-1"], model: { image: uri }, scaling: { max: 10 }, ...raw },
    { stack: "test" },
  ).region["eu-west-1"];
  if (settings === undefined) return assert.fail("no settings");
  return { project: "p", stack: "test", region: "eu-west-1", accountId: "123456789012", settings, tags: {} };
}

describe("a region's image", () => {
  const imageWith = (image: unknown, prebuilt?: string) => imageOf(contextWith({ model: { image } }), prebuilt);

  it("is the template filled in, the region's own, AWS's, or the copy in the region's registry", () => {
    assert.equal(imageWith(uri), "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:1");
    assert.equal(imageWith({ "eu-west-1": "r.example/m:{region}" }), "r.example/m:eu-west-1");
    assert.equal(
      imageWith({ prebuilt: { repository: "pytorch", tag: "2" } }, "aws.example/pytorch:2"),
      "aws.example/pytorch:2",
    );
    assert.equal(
      imageWith({ replicate: { repository: "team/model", tag: "7", from: "us-east-1" } }),
      "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:7",
    );
  });

  it("is missed with a code, in programs that built their settings or forgot to look up", () => {
    const context = contextWith({});
    const model = { ...context.settings.model, image: { "us-east-1": "r.example/m:1" } };
    assert.throws(
      () => imageOf({ ...context, settings: { ...context.settings, model } }, undefined),
      /^UsageError: ASY-202 /,
    );
    assert.throws(
      () => imageWith({ prebuilt: { repository: "pytorch", tag: "2" } }),
      /^UsageError: ASY-212 .*\n.*pytorch for eu-west-1, not looked up/,
    );
  });
});

describe("a region's model data", () => {
  it("is on this machine, in S3 for all, or in S3 by region", () => {
    assert.equal(localPath("./model"), "./model");
    assert.equal(localPath("s3://models/m/"), undefined);
    assert.equal(localPath({ "eu-west-1": "s3://models/m/" }), undefined);
    assert.equal(givenModel("s3://m-{region}-{account}/m/", contextWith({})).uri, "s3://m-eu-west-1-123456789012/m/");
    assert.equal(givenModel({ "eu-west-1": "s3://e/m/" }, contextWith({})).uri, "s3://e/m/");
    assert.throws(() => givenModel({ "us-east-1": "s3://e/m/" }, contextWith({})), /^UsageError: ASY-217 /);
  });
});

describe("a deployment configuration", () => {
  const alarms = new Map([["failures", "p-test-failures"]]);
  const configOf = (deployment: unknown) =>
    deploymentConfig(contextWith({ endpoint: { initialInstances: 4, deployment } }), alarms);

  it("is nothing where the settings say nothing", () => {
    assert.equal(deploymentConfig(contextWith({}), alarms), undefined);
  });

  it("says each kind in AWS's words", () => {
    assert.deepEqual(configOf({ kind: "allAtOnce", terminationWaitSeconds: 60, rollbackAlarms: ["failures"] }), {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type: "ALL_AT_ONCE", waitIntervalInSeconds: 0 },
        terminationWaitInSeconds: 60,
      },
      autoRollbackConfiguration: { alarms: [{ alarmName: "p-test-failures" }] },
    });
    assert.deepEqual(configOf({ kind: "canary", canary: { instances: 1 }, maximumExecutionSeconds: 3600 }), {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: "CANARY",
          waitIntervalInSeconds: 300,
          canarySize: { type: "INSTANCE_COUNT", value: 1 },
        },
        terminationWaitInSeconds: 0,
        maximumExecutionTimeoutInSeconds: 3600,
      },
    });
    assert.deepEqual(configOf({ kind: "linear", step: { percent: 25 }, waitSeconds: 10 }), {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: {
          type: "LINEAR",
          waitIntervalInSeconds: 10,
          linearStepSize: { type: "CAPACITY_PERCENT", value: 25 },
        },
        terminationWaitInSeconds: 0,
      },
    });
    assert.deepEqual(configOf({ kind: "rolling", batch: { percent: 50 }, rollbackBatch: { percent: 100 } }), {
      rollingUpdatePolicy: {
        maximumBatchSize: { type: "CAPACITY_PERCENT", value: 50 },
        waitIntervalInSeconds: 300,
        rollbackMaximumBatchSize: { type: "CAPACITY_PERCENT", value: 100 },
      },
    });
  });

  it("lets the role read just the alarms it names, and no others exist for it", () => {
    const context = contextWith({ endpoint: { deployment: { kind: "allAtOnce", rollbackAlarms: ["failures"] } } });
    assert.deepEqual(rollbackAlarmArns(context), ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:p-test-failures"]);
    assert.throws(
      () => configOf({ kind: "allAtOnce", rollbackAlarms: ["failure"] }),
      /^UsageError: ASY-218 .*\n.*failure for eu-west-1\n.*some of failures\n/,
    );
  });
});
