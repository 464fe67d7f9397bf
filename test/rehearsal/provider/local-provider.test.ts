import assert from "node:assert/strict";
import { RefusedCall, UnfinishedResource } from "../../../rehearsal/provider/failures";
import { LocalProvider } from "../../../rehearsal/provider/local-provider";
import { administrator } from "../../../rehearsal/world/call";
import { image, type ProviderWorld, startProviderWorld } from "./provider-world";

const seed = Buffer.from("seed");
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
});
const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});
const secret = (value: string) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });

describe("LocalProvider", () => {
  let at: ProviderWorld;

  beforeEach(async () => {
    at = await startProviderWorld();
  });

  afterEach(() => at.close());

  /** A configuration that serves `served` from a bucket and with a role of its own. */
  async function configuration(name: string, served: string): Promise<string> {
    const role = await at.make("aws:iam/role:Role", name, { assumeRolePolicy: trust });
    await at.make("aws:iam/rolePolicy:RolePolicy", name, { role: role.id, policy: everything });
    const bucket = await at.make("aws:s3/bucket:Bucket", name, {});
    const model = await at.make("aws:sagemaker/model:Model", name, {
      executionRoleArn: role.outputs.arn,
      primaryContainer: { image: served },
    });
    const config = await at.make("aws:sagemaker/endpointConfiguration:EndpointConfiguration", name, {
      productionVariants: [
        { variantName: "main", modelName: model.id, instanceType: "ml.m5.large", initialInstanceCount: 1 },
      ],
      asyncInferenceConfig: { outputConfig: { s3OutputPath: `s3://${bucket.id}/results` } },
    });
    return config.id;
  }

  it("fills in region, name, default tags and the provider's fallbacks", () => {
    const { inputs, failures } = at.provider.check({ type: "aws:sns/topic:Topic", name: "notices", news: {}, seed });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, {
      name: "notices-19b2585",
      region: "eu-west-1",
      tags: { project: "test" },
      contentBasedDeduplication: false,
      fifoTopic: false,
    });
  });

  it("leaves a given region alone and gives IAM none", () => {
    const topic = { type: "aws:sns/topic:Topic", name: "t", news: { region: "ap-south-1" }, seed };
    assert.equal(at.provider.check(topic).inputs.region, "ap-south-1");
    const role = { type: "aws:iam/role:Role", name: "r", news: { assumeRolePolicy: trust }, seed };
    assert.equal("region" in at.provider.check(role).inputs, false);
  });

  it("refuses a region that does not exist, and one on a type that has none", () => {
    const topic = { type: "aws:sns/topic:Topic", name: "t", news: { region: "eu-wset-1" }, seed };
    assert.deepEqual(at.provider.check(topic).failures, [
      { property: "region", reason: 'ASY-562 got "eu-wset-1", expected one of the 34 values AWS knows' },
    ]);
    const role = { type: "aws:iam/role:Role", name: "r", news: { assumeRolePolicy: trust, region: "eu-west-1" }, seed };
    assert.deepEqual(at.provider.check(role).failures, [
      { property: "region", reason: "ASY-563 the rehearsal does not play this property" },
    ]);
  });

  it("names an unknown resource type and what it plays instead, in the check already", () => {
    const { failures } = at.provider.check({ type: "aws:lambda/function:Function", name: "f", news: {}, seed });
    assert.equal(failures.length, 1);
    assert.equal(failures[0]?.property, "");
    assert.match(
      failures[0]?.reason ?? "",
      /^ASY-560 aws:lambda\/function:Function; got a resource type the rehearsal does not play; expected one of aws\.appautoscaling\.Policy, .*aws\.sqs\.QueuePolicy; fix /,
    );
  });

  it("names an unknown function and what it plays instead", async () => {
    await assert.rejects(at.provider.invoke("aws:ec2/getVpc:getVpc", {}), {
      name: "UsageError",
      message:
        /^ASY-561 {2}aws:ec2\/getVpc:getVpc\n.*\n.*aws\.getCallerIdentity, aws\.getPartition, aws\.getRegion, aws\.iam\.getPolicyDocument, aws\.sagemaker\.getPrebuiltEcrImage\n/,
    });
  });

  it("answers where and who", async () => {
    assert.deepEqual(await at.provider.invoke("aws:index/getRegion:getRegion", { region: "eu-central-1" }), {
      value: {
        id: "eu-central-1",
        region: "eu-central-1",
        name: "eu-central-1",
        endpoint: "ec2.eu-central-1.amazonaws.com",
        description: "Europe (Frankfurt)",
      },
      failures: [],
    });
    const { value } = await at.provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {});
    assert.equal(value.accountId, "123456789012");
  });

  it("finds every failure of a resource at once, its own rules and those of its properties", () => {
    const { failures } = at.provider.check({
      type: "aws:appautoscaling/target:Target",
      name: "t",
      news: { serviceNamespace: "ecs", resourceId: "endpoint/e/variant/v", minCapacity: 3, maxCapacity: 1 },
      seed,
    });
    assert.deepEqual(failures, [
      { property: "serviceNamespace", reason: 'ASY-562 got "ecs", expected one of sagemaker' },
      { property: "scalableDimension", reason: "ASY-562 a value is required" },
      { property: "minCapacity", reason: "ASY-562 got 3, expected at most maxCapacity 1" },
    ]);
  });

  it("deletes first what keeps a fixed name while it is replaced, and lets made-up names stand side by side", () => {
    const queue = { type: "aws:sqs/queue:Queue", name: "jobs" };
    const replaced = (news: Readonly<Record<string, unknown>>) => {
      const olds = at.provider.check({ ...queue, news, seed }).inputs;
      const next = at.provider.check({ ...queue, news: { ...news, region: "us-east-1" }, olds, seed }).inputs;
      const { replaces, deleteBeforeReplace } = at.provider.diff({ ...queue, oldInputs: olds, news: next });
      return { replaces, deleteBeforeReplace };
    };
    assert.deepEqual(replaced({ name: "jobs" }), { replaces: ["region"], deleteBeforeReplace: true });
    assert.deepEqual(replaced({}), { replaces: ["region"], deleteBeforeReplace: false });
  });

  it("says which call AWS refused, with AWS's code", async () => {
    const create = at.provider.create({
      type: "aws:sagemaker/endpoint:Endpoint",
      inputs: { name: "e", endpointConfigName: "missing", region: "eu-west-1" },
    });
    await assert.rejects(
      create,
      (cause) =>
        cause instanceof RefusedCall &&
        cause.message.startsWith('CreateEndpoint: ValidationException: Could not find endpoint configuration "'),
    );
  });

  it("keeps an endpoint that did not come up, with AWS's reason", async () => {
    const config = await configuration("broken", `${image}-broken`);
    const inputs = { name: "e", endpointConfigName: config, region: "eu-west-1", tags: {} };
    const type = "aws:sagemaker/endpoint:Endpoint";
    const cause: unknown = await at.passing(at.provider.create({ type, inputs })).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(cause instanceof UnfinishedResource);
    assert.deepEqual(
      { id: cause.id, inputs: cause.inputs, outputs: cause.outputs },
      {
        id: "e",
        inputs,
        outputs: { ...inputs, arn: "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e", tagsAll: {} },
      },
    );
    assert.match(cause.message, /^the endpoint e is Failed: .+health check/);
    const state = { type, id: "e", inputs, outputs: cause.outputs };
    await assert.rejects(
      at.passing(at.provider.update({ ...state, news: inputs })),
      /^StepFailure: the endpoint e is Failed/,
    );
    await at.passing(at.provider.delete(state));
    assert.equal((await at.provider.read(state)).id, "");
  });

  it("takes an update that SageMaker rolled back for success, as AWS's provider does; a refresh tells", async () => {
    const [working, broken] = [await configuration("working", image), await configuration("broken", `${image}-broken`)];
    const state = await at.make("aws:sagemaker/endpoint:Endpoint", "e", { endpointConfigName: working });
    const news = { ...state.inputs, endpointConfigName: broken };
    const { outputs } = await at.passing(at.provider.update({ ...state, news }));
    assert.equal(outputs.endpointConfigName, broken);
    assert.deepEqual((await at.provider.read({ ...state, inputs: news, outputs })).inputs, state.inputs);
  });

  it("keeps a bucket that is not empty, unless it was told to empty it", async () => {
    const kept = await at.make("aws:s3/bucket:Bucket", "kept", {});
    const object = await at.make("aws:s3/bucketObjectv2:BucketObjectv2", "o", {
      bucket: kept.id,
      key: "k",
      content: "x",
    });
    await assert.rejects(
      at.provider.delete(kept),
      (cause) => cause instanceof RefusedCall && cause.code === "BucketNotEmpty",
    );
    await at.provider.delete(object);
    await at.provider.delete(kept);

    const emptied = await at.make("aws:s3/bucket:Bucket", "emptied", { forceDestroy: true });
    await at.make("aws:s3/bucketVersioning:BucketVersioning", "v", {
      bucket: emptied.id,
      versioningConfiguration: { status: "Enabled" },
    });
    for (const content of ["1", "2"]) {
      await at.make("aws:s3/bucketObjectv2:BucketObjectv2", content, { bucket: emptied.id, key: "k", content });
    }
    await at.provider.delete(emptied);
    assert.equal((await at.provider.read(emptied)).id, "");
  });

  it("wraps what was secret again, hides it in what it says, and gives AWS the value itself", async () => {
    const role = await at.make("aws:iam/role:Role", "r", { assumeRolePolicy: trust });
    const type = "aws:sagemaker/model:Model";
    const news = {
      executionRoleArn: role.outputs.arn,
      primaryContainer: { image, environment: { TOKEN: secret("swordfish"), MODE: "fast" } },
    };
    const { inputs } = at.provider.check({ type, name: "m", news, seed });
    const { id, outputs } = await at.provider.create({ type, inputs });
    assert.deepEqual(outputs.primaryContainer, {
      image,
      environment: { TOKEN: secret("swordfish"), MODE: "fast" },
      mode: "SingleModel",
    });
    const call = { accountId: at.world.accountId, region: "eu-west-1", principal: administrator };
    const model = await at.world.sagemaker.describeModel(call, { ModelName: id });
    assert.deepEqual(model.PrimaryContainer?.Environment, { TOKEN: "swordfish", MODE: "fast" });
    assert.deepEqual((await at.provider.read({ type, id, inputs, outputs })).inputs, inputs);

    const again = at.provider.create({ type: "aws:sagemaker/model:Model", inputs: { ...inputs, name: secret(id) } });
    await assert.rejects(
      again,
      (cause) => cause instanceof Error && !cause.message.includes(id) && cause.message.includes("[secret]"),
    );
  });

  it("imports by the ids that AWS's provider takes, from another region too", async () => {
    const topic = await at.make("aws:sns/topic:Topic", "t", { region: "us-east-1" });
    const read = await at.provider.read({ type: topic.type, id: `${topic.id}@us-east-1`, inputs: {}, outputs: {} });
    assert.deepEqual(
      { id: read.id, inputs: read.inputs },
      { id: topic.id, inputs: { name: topic.inputs.name, region: "us-east-1", tags: { project: "test" } } },
    );
    await assert.rejects(
      at.provider.read({
        type: "aws:appautoscaling/target:Target",
        id: "endpoint/e/variant/v",
        inputs: {},
        outputs: {},
      }),
      { name: "UsageError", message: /^ASY-564 {2}import of aws\.appautoscaling\.Target\n/ },
    );
  });

  it("refuses a file that is not there, with the path it looked at", async () => {
    const bucket = await at.make("aws:s3/bucket:Bucket", "b", {});
    const source = {
      "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
      path: "none.bin",
      hash: "aa",
    };
    await assert.rejects(
      at.provider.create({
        type: "aws:s3/bucketObjectv2:BucketObjectv2",
        inputs: { bucket: bucket.id, key: "k", source, region: "eu-west-1" },
      }),
      { name: "UsageError", message: new RegExp(`^ASY-565 .*\\n  got       ${at.folder}/none.bin\\n`) },
    );
  });

  it("keeps two regions apart", async () => {
    const there = new LocalProvider(at.world, { region: "us-east-1" });
    const here = await at.make("aws:sns/topic:Topic", "t", { name: "same" });
    const { inputs } = there.check({ type: here.type, name: "t", news: { name: "same" }, seed });
    const { id } = await there.create({ type: here.type, inputs });
    assert.deepEqual(
      [here.id, id],
      ["arn:aws:sns:eu-west-1:123456789012:same", "arn:aws:sns:us-east-1:123456789012:same"],
    );
  });
});
