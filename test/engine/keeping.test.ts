import assert from "node:assert/strict";
import { OperationFailed } from "../../rehearsal/engine/rehearsal-stack";
import { administrator, type Call } from "../../rehearsal/world/call";
import { inventory } from "../../rehearsal/world/inventory";
import { type Deployment, deployment, engine, engineTimeoutMs } from "./support";

const call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
const bucket = "async-fleet-dev-eu-west-1-123456789012";

describe("what a destroy leaves, on the real engine", () => {
  let at: Deployment;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    at = await deployment();
  });
  after(() => at.close());

  const storage = (more: object) =>
    at.stack.changeSettings((config) => {
      config["async-fleet:storage"] = { forceDestroy: false, ...more };
    });
  const left = async () =>
    (await inventory(at.rehearsal.world, ["eu-west-1"])).map(({ kind, name }) => `${kind} ${name}`);

  const settingsOfBucket = async () => {
    const { s3 } = at.rehearsal.world;
    const of = { Bucket: bucket };
    const [rule] = (await s3.getBucketEncryption(call, of)).ServerSideEncryptionConfiguration?.Rules ?? [];
    const { KeyMetadata } = await at.rehearsal.world.kms.describeKey(call, { KeyId: "alias/async-fleet-dev" });
    assert.equal(rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID, KeyMetadata?.Arn);
    assert.match((await s3.getBucketPolicy(call, of)).Policy ?? "", /TlsOnly/);
    return {
      versioning: (await s3.getBucketVersioning(call, of)).Status,
      rules: ((await s3.getBucketLifecycleConfiguration(call, of)).Rules ?? []).map(({ ID }) => ID),
      closed: (await s3.getPublicAccessBlock(call, of)).PublicAccessBlockConfiguration?.BlockPublicAcls,
      key: KeyMetadata?.KeyState,
    };
  };
  const whole = {
    versioning: "Enabled",
    rules: ["inputs", "results", "failures", "unfinished-uploads", "hidden-versions"],
    closed: true,
    key: "Enabled",
  };
  const store = [`bucket ${bucket}`, "key alias alias/async-fleet-dev"];

  it("is a whole store while it is protected: the destroy fails and names what is protected", async function () {
    this.timeout(120_000);
    await storage({ protect: true, versioning: { noncurrentDays: 3 } });
    await at.stack.up();
    await assert.rejects(at.stack.destroy(), (cause) => {
      assert.ok(cause instanceof OperationFailed, String(cause));
      assert.match(cause.diagnostics.join("\n"), /fleet-eu-west-1-store\S* cannot be deleted\n.*protect/s);
      return true;
    });
    const kept = (await left()).filter((each) => store.includes(each));
    assert.deepEqual(kept.sort(), store);
    assert.deepEqual(await settingsOfBucket(), whole);
  });

  it("is the bucket with its protection and the key with its alias, when they are to be retained", async function () {
    this.timeout(120_000);
    await storage({ retainOnDelete: true, versioning: { noncurrentDays: 3 } });
    await at.stack.up();
    await at.stack.destroy();
    assert.deepEqual((await left()).sort(), store);
    assert.deepEqual(await settingsOfBucket(), whole);
  });
});
