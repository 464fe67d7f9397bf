import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperationFailed } from "../../rehearsal/engine/rehearsal-stack";
import { administrator, type Call } from "../../rehearsal/world/call";
import { imageFolder } from "../fixtures/image-folders";
import { type Deployment, deployment, engine, engineTimeoutMs } from "./support";

const accountId = "123456789012";
const inRegion = (region: string): Call => ({ accountId, region, principal: administrator });
const EndpointName = "async-fleet-dev";
const repository = "fixtures/tells-its-model";
const image = `{account}.dkr.ecr.{region}.amazonaws.com/${repository}:1`;

describe("a model on its way to its regions, on the real engine", () => {
  let at: Deployment;
  let folder: string;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    folder = await mkdtemp(join(tmpdir(), "model-"));
    await mkdir(join(folder, "model"));
    await writeFile(join(folder, "model/weights.txt"), "first");
    at = await deployment({ imageFolders: [imageFolder("tells-its-model")] });
    await set({ "async-fleet:model": { image, data: join(folder, "model") } });
  });
  after(async () => {
    await at.close();
    await rm(folder, { recursive: true, force: true });
  });

  const set = (settings: Record<string, unknown>) =>
    at.stack.changeSettings((config) => {
      for (const [key, value] of Object.entries(settings)) {
        if (value === undefined) delete config[key];
        else config[key] = value;
      }
    });
  /** What the model answers in a region: its own files. */
  const answerOf = async (id: string, region = "eu-west-1"): Promise<unknown> => {
    const { world } = at.rehearsal;
    const { OutputLocation = "" } = await world.sagemakerRuntime.invokeEndpointAsync(inRegion(region), {
      EndpointName,
      Body: Buffer.from("?"),
      ContentType: "text/plain",
      InferenceId: id,
    });
    const record = () =>
      world.sagemaker.requestsOf(inRegion(region), EndpointName).find(({ inferenceId }) => inferenceId === id);
    assert.equal(await world.clock.until(() => record()?.outcome !== undefined, 3600_000), true);
    assert.equal(record()?.outcome, "completed", record()?.reason);
    const { hostname, pathname } = new URL(OutputLocation);
    const { Body } = await world.s3.getObject(inRegion(region), { Bucket: hostname, Key: pathname.slice(1) });
    const chunks: Buffer[] = [];
    for await (const chunk of Body as AsyncIterable<Buffer>) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString());
  };
  const refusal = async (operation: Promise<unknown>): Promise<string> => {
    try {
      await operation;
    } catch (cause) {
      assert.ok(cause instanceof OperationFailed, String(cause));
      return cause.diagnostics.join("\n");
    }
    return assert.fail("it was accepted");
  };

  it("is deployed again when a byte changes under the same name, and the new one answers", async () => {
    await at.stack.up();
    assert.deepEqual(await answerOf("a"), { "weights.txt": "first" });
    await writeFile(join(folder, "model/weights.txt"), "secnd");
    const { steps } = await at.stack.up();
    assert.deepEqual(
      steps
        .filter(({ op }) => op !== "same")
        .map(({ op, type }) => `${op} ${type.split(":").at(-1)}`)
        .sort(),
      [
        "create-replacement BucketObjectv2",
        "create-replacement EndpointConfiguration",
        "create-replacement Model",
        "delete-replaced BucketObjectv2",
        "delete-replaced EndpointConfiguration",
        "delete-replaced Model",
        "replace BucketObjectv2",
        "replace EndpointConfiguration",
        "replace Model",
        "update Endpoint",
      ],
    );
    assert.deepEqual(await answerOf("b"), { "weights.txt": "secnd" });
    assert.deepEqual(Object.keys((await at.stack.up()).counts), ["same"]);
  });

  it("may be one archive, and the image AWS's own of each region", async () => {
    await writeFile(join(folder, "weights.txt"), "packed");
    execFileSync("tar", ["-czf", join(folder, "model.tar.gz"), "-C", folder, "weights.txt"]);
    await set({
      "async-fleet:model": { image: { prebuilt: { repository, tag: "2" } }, data: join(folder, "model.tar.gz") },
    });
    await at.stack.up();
    assert.deepEqual(await answerOf("c"), { "weights.txt": "packed" });
    const { Models = [] } = await at.rehearsal.world.sagemaker.listModels(inRegion("eu-west-1"), {});
    const { PrimaryContainer } = await at.rehearsal.world.sagemaker.describeModel(inRegion("eu-west-1"), {
      ModelName: Models[0]?.ModelName,
    });
    assert.equal(PrimaryContainer?.Image, `763104351884.dkr.ecr.eu-west-1.amazonaws.com/${repository}:2`);
  });

  it("waits for an image that ECR copies from one region: the first up makes the registry, the next finds the image", async () => {
    const data = join(folder, "model.tar.gz");
    await set({
      "async-fleet:regions": ["eu-west-1", "us-east-1"],
      "async-fleet:model": { image: { replicate: { repository, tag: "3", from: "us-east-1" } }, data },
    });
    assert.match(
      await refusal(at.stack.up()),
      /Requested image 123456789012\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/fixtures\/tells-its-model:3 not found/,
    );
    const { ecr, clock } = at.rehearsal.world;
    await ecr.putImage(inRegion("us-east-1"), { repositoryName: repository, imageTag: "3", imageManifest: "{}" });
    await clock.sleep(61_000);
    await at.stack.up();
    for (const region of ["eu-west-1", "us-east-1"]) {
      assert.deepEqual(await answerOf(`d-${region}`, region), { "weights.txt": "packed" }, region);
    }
    assert.deepEqual(Object.keys((await at.stack.up()).counts), ["same"]);
  });

  it("goes into a VPC that was looked at first: every missing endpoint and wrong subnet is told, nothing is made", async () => {
    const securityGroupIds = ["sg-0a"];
    await set({
      "async-fleet:overrides": {
        "eu-west-1": {
          network: {
            subnetIds: ["subnet-0a", "subnet-0b"],
            securityGroupIds,
            checkEndpoints: ["s3", "secretsmanager"],
          },
        },
        "us-east-1": {
          network: { subnetIds: ["subnet-1a", "subnet-1b"], securityGroupIds: ["sg-1a"], checkEndpoints: ["s3"] },
        },
      },
    });
    at.rehearsal.world.account.conditions = {
      vpcEndpoints: [],
      missingNetwork: ["subnet-1b"],
    };
    const said = await refusal(at.stack.preview());
    assert.match(
      said,
      /ASY-213 {2}async-fleet:network in eu-west-1\n +got +no com\.amazonaws\.eu-west-1\.s3 in vpc-0a1b2c3d4e5f60718/,
    );
    assert.match(
      said,
      /ASY-213 {2}async-fleet:network in eu-west-1\n +got +no com\.amazonaws\.eu-west-1\.secretsmanager/,
    );
    assert.match(said, /ASY-214 {2}async-fleet:network in us-east-1\n +got +subnet-1b: /);
    assert.doesNotMatch(said, /\n\s+at |\.ts:\d+/);
    at.rehearsal.world.account.conditions = {
      vpcEndpoints: ["s3", "secretsmanager"],
      vpcOfSubnet: { "subnet-0b": "vpc-b" },
    };
    assert.match(
      await refusal(at.stack.preview()),
      /ASY-215 {2}async-fleet:network in eu-west-1\n +got +subnets of vpc-0a1b2c3d4e5f60718, vpc-b/,
    );
    at.rehearsal.world.account.conditions = { vpcEndpoints: ["s3", "secretsmanager"] };
    await at.stack.up();
    const { Models = [] } = await at.rehearsal.world.sagemaker.listModels(inRegion("eu-west-1"), {});
    const { VpcConfig, EnableNetworkIsolation } = await at.rehearsal.world.sagemaker.describeModel(
      inRegion("eu-west-1"),
      {
        ModelName: Models[0]?.ModelName,
      },
    );
    assert.deepEqual(VpcConfig, { Subnets: ["subnet-0a", "subnet-0b"], SecurityGroupIds: securityGroupIds });
    assert.equal(EnableNetworkIsolation, true);
    assert.deepEqual(await answerOf("e"), { "weights.txt": "packed" });
  });
});
