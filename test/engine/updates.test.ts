import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest, RegionManifest } from "../../contract/manifest";
import { OperationFailed, type OperationResult } from "../../rehearsal/engine/rehearsal-stack";
import { administrator } from "../../rehearsal/world/call";
import { inventory } from "../../rehearsal/world/inventory";
import { imageFolder } from "../fixtures/image-folders";
import { type Deployment, deployment, engine, engineTimeoutMs, rootDir } from "./support";

const call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
const digits = "{account}.dkr.ecr.{region}.amazonaws.com/async-fleet-examples/digits:1";
const crashing = "{account}.dkr.ecr.{region}.amazonaws.com/fixtures/crashes-at-start:1";
const payload = readFileSync(join(rootDir, "examples/digits/payloads/seven.pgm"));

const changed = ({ steps }: OperationResult): string[] =>
  steps
    .filter(({ op }) => op !== "same")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)?.replace("fleet-eu-west-1", "*")}`);

describe("updates of stack dev on the real engine", () => {
  let at: Deployment;
  let manifest: RegionManifest;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    at = await deployment({ imageFolders: [join(rootDir, "examples/digits"), imageFolder("crashes-at-start")] });
    await at.stack.up();
    manifest = ((await at.stack.outputs()) as { manifest: Manifest }).manifest.regions["eu-west-1"] as RegionManifest;
  });
  after(() => at.close());

  const set = (key: string, value: unknown) =>
    at.stack.changeSettings((config) => {
      config[`async-fleet:${key}`] = value;
    });
  const endpoint = async () => {
    const found = await at.rehearsal.world.sagemaker.describeEndpoint(call, { EndpointName: manifest.endpointName });
    const config = await at.rehearsal.world.sagemaker.describeEndpointConfig(call, {
      EndpointConfigName: found.EndpointConfigName,
    });
    return {
      status: found.EndpointStatus,
      config: found.EndpointConfigName,
      type: config.ProductionVariants?.[0]?.InstanceType,
    };
  };
  const configurations = async () =>
    (await at.rehearsal.world.sagemaker.listEndpointConfigs(call, {})).EndpointConfigs?.length;
  const send = async (id: string) => {
    const { OutputLocation } = await at.rehearsal.world.sagemakerRuntime.invokeEndpointAsync(call, {
      EndpointName: manifest.endpointName,
      Body: payload,
      ContentType: "image/x-portable-graymap",
      InferenceId: id,
    });
    return OutputLocation;
  };
  const outcome = (id: string) =>
    at.rehearsal.world.sagemaker.requestsOf(call, manifest.endpointName).find(({ inferenceId }) => inferenceId === id)
      ?.outcome;
  const ended = async (id: string) => {
    assert.equal(await at.rehearsal.world.clock.until(() => outcome(id) !== undefined, 3600_000), true);
    return outcome(id);
  };
  /** What is registered for scaling: the target, its policies, and which alarms fire a policy that exists. */
  const scaling = async () => {
    const { applicationAutoScaling, cloudwatch } = at.rehearsal.world;
    const { ScalableTargets = [] } = await applicationAutoScaling.describeScalableTargets(call, {
      ServiceNamespace: "sagemaker",
    });
    const { ScalingPolicies = [] } = await applicationAutoScaling.describeScalingPolicies(call, {
      ServiceNamespace: "sagemaker",
    });
    const { MetricAlarms = [] } = await cloudwatch.describeAlarms(call, {});
    const arns = new Set(ScalingPolicies.map(({ PolicyARN }) => PolicyARN));
    const firing = MetricAlarms.filter(({ AlarmActions = [] }) => AlarmActions.some((arn) => arns.has(arn)));
    const dangling = MetricAlarms.filter(({ AlarmActions = [] }) =>
      AlarmActions.some((arn) => arn.includes(":scalingPolicy:") && !arns.has(arn)),
    );
    return {
      targets: ScalableTargets.length,
      policies: ScalingPolicies.length,
      firing: firing.length,
      dangling: dangling.length,
    };
  };
  const whole = { targets: 1, policies: 3, firing: 4, dangling: 0 };

  it("changes the instance type in one up: scaling goes first, comes back whole, and the queue is kept", async () => {
    assert.deepEqual(await scaling(), whole);
    await set("endpoint", { instanceType: "ml.m5.xlarge" });
    await send("waiting");
    const steps = changed(await at.stack.up());
    const expected = [
      "delete-replaced *-scaling-idle",
      "delete-replaced *-scaling-wake",
      "delete-replaced *-scaling-backlog",
      "delete-replaced *-scaling",
      "delete-replaced *-scaled-type",
      "replace *-scaled-type",
      "create-replacement *-scaled-type",
      "create-replacement *-config",
      "replace *-config",
      "update *",
      "replace *-scaling",
      "create-replacement *-scaling",
      "replace *-scaling-backlog",
      "create-replacement *-scaling-backlog",
      "replace *-scaling-wake",
      "create-replacement *-scaling-wake",
      "replace *-scaling-idle",
      "create-replacement *-scaling-idle",
      "update *-scaling-wake-alarm",
      "update *-scaling-idle-alarm",
      "delete-replaced *-config",
    ];
    // Policies are independent of each other, so their order among themselves is the engine's own.
    assert.deepEqual([...steps].sort(), [...expected].sort());
    const positionOf = (step: string): number => steps.indexOf(step);
    const lastGone = Math.max(
      ...["", "-idle", "-wake", "-backlog"].map((of) => positionOf(`delete-replaced *-scaling${of}`)),
    );
    assert.ok(lastGone < positionOf("update *"));
    assert.ok(positionOf("update *") < positionOf("create-replacement *-scaling"));
    assert.deepEqual({ ...(await endpoint()), config: "" }, { status: "InService", config: "", type: "ml.m5.xlarge" });
    assert.deepEqual(await scaling(), whole);
    assert.equal(await ended("waiting"), "completed");
    assert.deepEqual(Object.keys((await at.stack.up()).counts), ["same"]);
  });

  it("fails loudly when SageMaker rolled the update back, though the provider took it for success", async () => {
    const before = await endpoint();
    await set("endpoint", { instanceType: "ml.m5.2xlarge" });
    await set("model", { image: crashing });
    await assert.rejects(at.stack.up(), (cause) => {
      assert.ok(cause instanceof OperationFailed, String(cause));
      const text = cause.diagnostics.join("\n");
      assert.match(text, /ASY-210 {2}endpoint async-fleet-dev in eu-west-1, stack dev/);
      assert.match(
        text,
        new RegExp(`got +endpoint configuration ${before.config}: .*did not pass the ping health check`),
      );
      assert.doesNotMatch(text, /\.ts:\d+/);
      return true;
    });
    assert.deepEqual(await endpoint(), before);
    assert.deepEqual(await scaling(), whole);
    assert.equal(await configurations(), 2);
    await send("meanwhile");
    assert.equal(await ended("meanwhile"), "completed");
  });

  it("goes on failing while the state says one thing and SageMaker another", async () => {
    await assert.rejects(at.stack.up(), (cause) => {
      assert.ok(cause instanceof OperationFailed);
      assert.match(cause.diagnostics.join("\n"), /ASY-210/);
      return true;
    });
  });

  it("is whole again once the settings are mended, and deletes what was left over", async () => {
    await set("model", { image: digits, data: "./examples/digits/model" });
    await at.stack.up({ refresh: true, replace: ["**-scaled-type"] });
    assert.deepEqual({ ...(await endpoint()), config: "" }, { status: "InService", config: "", type: "ml.m5.2xlarge" });
    assert.deepEqual(await scaling(), whole);
    assert.equal(await configurations(), 1);
    assert.deepEqual(Object.keys((await at.stack.up()).counts), ["same"]);
  });

  it("goes back to the old instance type after a rollback without a refresh, too", async () => {
    await set("model", { image: crashing });
    await set("endpoint", { instanceType: "ml.m5.4xlarge" });
    await assert.rejects(at.stack.up(), /ASY-210/);
    await set("model", { image: digits, data: "./examples/digits/model" });
    await set("endpoint", { instanceType: "ml.m5.2xlarge" });
    await at.stack.up();
    assert.deepEqual({ ...(await endpoint()), config: "" }, { status: "InService", config: "", type: "ml.m5.2xlarge" });
    assert.deepEqual(await scaling(), whole);
    assert.equal(await configurations(), 1);
  });

  it("leaves nothing stranded by a destroy that fails half-way and a second one", async () => {
    await set("storage", { forceDestroy: false });
    await at.stack.up();
    await send("kept");
    await ended("kept");
    await assert.rejects(at.stack.destroy(), /BucketNotEmpty/);
    const left = (await inventory(at.rehearsal.world, ["eu-west-1"])).map(({ kind }) => kind);
    assert.ok(left.includes("bucket"));
    assert.equal(left.includes("endpoint"), false);
    assert.deepEqual(await scaling(), { targets: 0, policies: 0, firing: 0, dangling: 0 });
    for (const { Key } of (await at.rehearsal.world.s3.listObjectsV2(call, { Bucket: bucket() })).Contents ?? []) {
      await at.rehearsal.world.s3.deleteObject(call, { Bucket: bucket(), Key });
    }
    await at.stack.destroy();
    assert.deepEqual(await inventory(at.rehearsal.world, ["eu-west-1"]), []);
  });

  const bucket = (): string => new URL(manifest.inputPrefix).hostname;
});
