import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OperationFailed } from "../../rehearsal/engine/rehearsal-stack";
import { administrator } from "../../rehearsal/world/call";
import { type Deployment, deployment, engine, engineTimeoutMs, rootDir } from "./support";

const call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
const EndpointName = "async-fleet-dev";
const payload = (name: string) => readFileSync(join(rootDir, "examples/digits/payloads", name));

describe("updates of stack dev under guardrails, on the real engine", () => {
  let at: Deployment;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    // Instances that stay: a policy would have a trial go to zero, and then there is no old fleet to bake beside.
    at = await deployment({ policies: false });
    await set(1);
    await at.stack.changeSettings((config) => {
      config["async-fleet:scaling"] = { min: 2, max: 4 };
    });
    await at.stack.up();
  });
  after(() => at.close());

  const set = (concurrencyPerInstance: number) =>
    at.stack.changeSettings((config) => {
      config["async-fleet:endpoint"] = {
        instanceType: "ml.m5.large",
        concurrencyPerInstance,
        initialInstances: 2,
        deployment: {
          kind: "canary",
          canary: { percent: 50 },
          waitSeconds: 900,
          terminationWaitSeconds: 120,
          rollbackAlarms: ["failures"],
        },
      };
    });
  const endpoint = () => at.rehearsal.world.sagemaker.describeEndpoint(call, { EndpointName });
  const send = (id: string, file: string) =>
    at.rehearsal.world.sagemakerRuntime.invokeEndpointAsync(call, {
      EndpointName,
      Body: payload(file),
      ContentType: "image/x-portable-graymap",
      InferenceId: id,
    });
  const outcome = (id: string) =>
    at.rehearsal.world.sagemaker.requestsOf(call, EndpointName).find(({ inferenceId }) => inferenceId === id)?.outcome;
  const ended = async (id: string) => {
    assert.equal(await at.rehearsal.world.clock.until(() => outcome(id) !== undefined, 3600_000), true);
    return outcome(id);
  };
  /** Sends a payload once the new instances stand beside the old ones. */
  const sendWhileBaking = (id: string, file: string) => {
    const stop = at.rehearsal.world.journal.listen((entry) => {
      if (entry.kind !== "instances" || entry.inService < 4) return;
      stop();
      void send(id, file);
    });
  };

  it("bake a canary for the time that was asked for, and answer meanwhile", async () => {
    const before = await endpoint();
    await set(2);
    sendWhileBaking("meanwhile", "seven.pgm");
    const beganMs = at.rehearsal.world.clock.now();
    await at.stack.up();
    const after = await endpoint();
    assert.notEqual(after.EndpointConfigName, before.EndpointConfigName);
    assert.equal(after.LastDeploymentConfig?.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration?.Type, "CANARY");
    assert.ok(at.rehearsal.world.clock.now() - beganMs > (240 + 900 + 120) * 1000);
    assert.equal(await ended("meanwhile"), "completed");
    assert.deepEqual(Object.keys((await at.stack.up()).counts), ["same"]);
  });

  it("go back when this region's alarm goes off while the canary bakes, fail the up, and keep the queue", async () => {
    const before = await endpoint();
    await set(3);
    sendWhileBaking("broken", "broken.pgm");
    await assert.rejects(at.stack.up(), (cause) => {
      assert.ok(cause instanceof OperationFailed, String(cause));
      assert.match(
        cause.diagnostics.join("\n"),
        /ASY-210 .*\n.*rolled back because of the CloudWatch alarm async-fleet-dev-failures in ALARM/,
      );
      return true;
    });
    assert.equal((await endpoint()).EndpointConfigName, before.EndpointConfigName);
    assert.equal((await endpoint()).EndpointStatus, "InService");
    assert.equal(await ended("broken"), "failed");
    await send("after", "seven.pgm");
    assert.equal(await ended("after"), "completed");
  });

  it("name alarms that the region has, or are refused before anything is touched", async () => {
    await at.stack.changeSettings((config) => {
      const endpointSettings = config["async-fleet:endpoint"] as { deployment: { rollbackAlarms: string[] } };
      endpointSettings.deployment.rollbackAlarms = ["failure"];
    });
    await assert.rejects(at.stack.preview(), /ASY-218 .*\n.*failure for eu-west-1\n.*some of oldest-request, /);
  });
});
