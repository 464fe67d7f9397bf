import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { Manifest } from "../../contract/manifest";
import { OperationFailed } from "../../rehearsal/engine/rehearsal-stack";
import { inventory } from "../../rehearsal/world/inventory";
import { type Deployment, deployment, engine, engineTimeoutMs, rootDir } from "./support";

const treeState = (): string => execFileSync("git", ["status", "--porcelain"], { cwd: rootDir }).toString();

describe("stack dev on the real engine", () => {
  let at: Deployment;
  let treeBefore: string;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    treeBefore = treeState();
    at = await deployment();
  });
  after(() => at.close());

  it("is stopped by a violation at preview, before anything is created", async () => {
    await at.stack.changeSettings((config) => {
      config["async-fleet:model"] = {
        image: "{account}.dkr.ecr.{region}.amazonaws.com/async-fleet-examples/digits:1",
        data: "./examples/digits/model",
        environment: { TS_MAX_REQUEST_SIZE: "1000" },
      };
    });
    await assert.rejects(at.stack.preview(), (cause) => {
      assert.ok(cause instanceof OperationFailed, String(cause));
      assert.deepEqual(
        cause.violations.map(({ policy }) => policy),
        ["container-accepts-the-declared-payload"],
      );
      return true;
    });
    assert.deepEqual(await inventory(at.rehearsal.world, ["eu-west-1"]), []);
    await at.stack.changeSettings((config) => {
      delete config["async-fleet:model"];
    });
  });

  it("tells every wrong setting at once, and nothing of our sources", async () => {
    await at.stack.changeSettings((config) => {
      config["async-fleet:requests"] = { timeToLiveSeconds: 59, payloadBytes: 0 };
    });
    await assert.rejects(at.stack.preview(), (cause) => {
      assert.ok(cause instanceof OperationFailed);
      const text = cause.diagnostics.join("\n");
      assert.match(text, /ASY-102 {2}async-fleet:requests\.payloadBytes in stack dev/);
      assert.match(text, /ASY-102 {2}async-fleet:requests\.timeToLiveSeconds in stack dev/);
      assert.doesNotMatch(text, /\.ts:\d+/);
      return true;
    });
    await at.stack.changeSettings((config) => {
      delete config["async-fleet:requests"];
    });
  });

  it("is previewed and deployed, judged clean", async () => {
    const preview = await at.stack.preview();
    assert.deepEqual(
      preview.violations.filter(({ level }) => level === "mandatory"),
      [],
    );
    const up = await at.stack.up();
    assert.deepEqual(up.counts, preview.counts);
    const { manifest } = (await at.stack.outputs()) as { manifest: Manifest };
    assert.deepEqual(Object.keys(manifest.regions), ["eu-west-1"]);
    assert.equal(manifest.regions["eu-west-1"]?.endpointName, "async-fleet-dev");
  });

  it("changes nothing the second time", async () => {
    assert.deepEqual(Object.keys((await at.stack.up()).counts), ["same"]);
  });

  it("makes a new configuration first, moves the endpoint, and deletes the old one after", async () => {
    await at.stack.changeSettings((config) => {
      config["async-fleet:endpoint"] = { instanceType: "ml.m5.large", concurrencyPerInstance: 7 };
    });
    const { steps } = await at.stack.up();
    const changed = steps.filter(({ op }) => op !== "same").map(({ op, type }) => `${op} ${type.split(":").at(-1)}`);
    assert.deepEqual(changed, [
      "create-replacement EndpointConfiguration",
      "replace EndpointConfiguration",
      "update Endpoint",
      "delete-replaced EndpointConfiguration",
    ]);
  });

  it("leaves nothing behind in AWS or in the tree", async () => {
    await at.stack.destroy();
    assert.deepEqual(await inventory(at.rehearsal.world, ["eu-west-1"]), []);
    assert.equal(treeState(), treeBefore);
  });
});
