import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AsyncFleet } from "../../components";
import { whatServes } from "../../rehearsal/what-serves";
import { readSettings } from "../../stacks/read-settings";
import { type Deployment, deployment, engine, engineTimeoutMs, rootDir } from "./support";

class Platform extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Platform", name);
  }
}

describe("a fleet under another name and parent", () => {
  let at: Deployment;
  let isMoved = false;
  let isDeaf = false;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    at = await deployment({
      program:
        ({ world }) =>
        async () => {
          const askServed = isDeaf ? () => Promise.reject(new Error("no credentials")) : whatServes(world);
          const args = { settings: readSettings(), accountId: "123456789012", rootDir, askServed };
          if (!isMoved) return { manifest: new AsyncFleet("inference", args).manifest };
          const aliases = [{ name: "inference", parent: pulumi.rootStackResource }];
          return { manifest: new AsyncFleet("fleet", args, { parent: new Platform("platform"), aliases }).manifest };
        },
    });
  });
  after(() => at.close());

  it("is adopted by its alias as it stands: nothing of AWS's is created, replaced or deleted", async () => {
    await at.stack.up();
    const before = await at.stack.outputs();
    isMoved = true;
    const { steps } = await at.stack.up();
    assert.deepEqual(
      steps.filter(({ op }) => op !== "same").map(({ op, type }) => `${op} ${type}`),
      ["create test:index:Platform"],
    );
    assert.deepEqual(await at.stack.outputs(), before);
    assert.deepEqual(Object.keys((await at.stack.up()).counts), ["same"]);
  });

  it("is deployed with a warning where SageMaker cannot be asked what it serves", async () => {
    isDeaf = true;
    const { warnings } = await at.stack.up();
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^ASY-211 {2}endpoint async-fleet-dev in eu-west-1\n +got +no credentials\n/);
  });
});
