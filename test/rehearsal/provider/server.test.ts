import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Properties } from "../../../rehearsal/provider/property";
import { type RunningProvider, startProvider } from "../../../rehearsal/provider/server";
import { empty, fromStruct, toStruct } from "../../../rehearsal/provider/structs";
import { image, type ProviderWorld, startProviderWorld } from "./provider-world";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });
const urn = (type: string, name: string) => `urn:pulumi:dev::async-fleet::parent:a:B$${type}::${name}`;

type Method<Request, Response> = (
  request: Request,
  reply: (cause: ServiceError | null, response: Response) => void,
) => unknown;

function ask<Request, Response>(client: ResourceProviderClient, method: Method<Request, Response>, request: Request) {
  return new Promise<Response>((resolve, reject) => {
    method.call(client, request, (cause, response) => (cause === null ? resolve(response) : reject(cause)));
  });
}

describe("provider server", () => {
  let at: ProviderWorld;
  let server: RunningProvider;
  let client: ResourceProviderClient;

  const connect = () =>
    new ResourceProviderClient(`127.0.0.1:${server.port}`, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
  const configure = (to: ResourceProviderClient, args: Properties) => {
    const request = new rpc.ConfigureRequest();
    request.setArgs(toStruct(args));
    return ask(to, to.configure, request);
  };
  const check = async (to: ResourceProviderClient, type: string, name: string, news: Properties) => {
    const request = new rpc.CheckRequest();
    request.setUrn(urn(type, name));
    request.setNews(toStruct(news));
    request.setRandomseed(Buffer.from("seed"));
    const answer = await ask<rpc.CheckRequest, rpc.CheckResponse>(to, to.check, request);
    return {
      inputs: fromStruct(answer.getInputs()),
      failures: answer.getFailuresList().map((each) => each.toObject()),
    };
  };
  const create = (type: string, name: string, inputs: Properties, preview = false) => {
    const request = new rpc.CreateRequest();
    request.setUrn(urn(type, name));
    request.setProperties(toStruct(inputs));
    request.setPreview(preview);
    return ask<rpc.CreateRequest, rpc.CreateResponse>(client, client.create, request);
  };

  beforeEach(async () => {
    at = await startProviderWorld();
    server = await startProvider(at.world);
    client = connect();
    await configure(client, { region: "eu-west-1", defaultTags: JSON.stringify({ tags: { project: "test" } }) });
  });

  afterEach(async () => {
    client.close();
    await server.close();
    await at.close();
  });

  it("greets an engine: handshake, attachment, version, an empty schema, cancellation", async () => {
    const hello = await ask<rpc.ProviderHandshakeRequest, rpc.ProviderHandshakeResponse>(
      client,
      client.handshake,
      new rpc.ProviderHandshakeRequest(),
    );
    assert.deepEqual(
      [hello.getAcceptSecrets(), hello.getAcceptResources(), hello.getAcceptOutputs()],
      [true, false, false],
    );
    await ask(client, client.attach, new PluginAttach());
    const info = await ask<ReturnType<typeof empty>, { getVersion(): string }>(client, client.getPluginInfo, empty());
    const { version } = createRequire(__filename)("@pulumi/aws/package.json") as { version: string };
    assert.equal(info.getVersion(), version);
    const schema = await ask<rpc.GetSchemaRequest, rpc.GetSchemaResponse>(
      client,
      client.getSchema,
      new rpc.GetSchemaRequest(),
    );
    assert.deepEqual(JSON.parse(schema.getSchema()), { name: "aws", version });
    await ask(client, client.cancel, empty());
  });

  it("refuses a configuration without a region, or with one that does not exist", async () => {
    const failuresOf = async (news: Properties) => {
      const request = new rpc.CheckRequest();
      request.setNews(toStruct(news));
      const answer = await ask<rpc.CheckRequest, rpc.CheckResponse>(client, client.checkConfig, request);
      return answer.getFailuresList().map((each) => each.toObject());
    };
    assert.deepEqual(await failuresOf({ region: "eu-west-1" }), []);
    assert.deepEqual(await failuresOf({ region: unknown }), []);
    assert.deepEqual(await failuresOf({}), [
      { property: "region", reason: "ASY-566 got nothing, expected a commercial region with SageMaker" },
    ]);
    assert.deepEqual(await failuresOf({ region: "eu-wset-1" }), [
      { property: "region", reason: 'ASY-566 got "eu-wset-1", expected a commercial region with SageMaker' },
    ]);
  });

  it("tells the providers of a program apart by their connections", async () => {
    const other = connect();
    try {
      await configure(other, { region: "us-east-1" });
      const type = "aws:sns/topic:Topic";
      const here = await check(client, type, "t", {});
      const there = await check(other, type, "t", {});
      assert.deepEqual(
        [here.inputs.region, here.inputs.tags, there.inputs.region, there.inputs.tags],
        ["eu-west-1", { project: "test" }, "us-east-1", undefined],
      );
    } finally {
      other.close();
    }
  });

  it("carries a resource through check, preview, creation, reading, changing and deletion", async () => {
    const type = "aws:sns/topic:Topic";
    const { inputs, failures } = await check(client, type, "notices", { displayName: secret("Results") });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs.displayName, secret("Results"));

    const preview = await create(type, "notices", inputs, true);
    assert.deepEqual(
      [preview.getId(), fromStruct(preview.getProperties()).arn, fromStruct(preview.getProperties()).displayName],
      ["", unknown, secret("Results")],
    );

    const created = await create(type, "notices", inputs);
    const outputs = fromStruct(created.getProperties());
    assert.equal(created.getId(), "arn:aws:sns:eu-west-1:123456789012:notices-19b2585");
    assert.equal(outputs.arn, created.getId());
    assert.deepEqual(outputs.displayName, secret("Results"));

    const read = new rpc.ReadRequest();
    read.setUrn(urn(type, "notices"));
    read.setId(created.getId());
    read.setInputs(toStruct(inputs));
    read.setProperties(toStruct(outputs));
    const found = await ask<rpc.ReadRequest, rpc.ReadResponse>(client, client.read, read);
    assert.deepEqual(
      [found.getId(), fromStruct(found.getInputs()), fromStruct(found.getProperties())],
      [created.getId(), inputs, outputs],
    );

    const { inputs: news } = await check(client, type, "notices", { displayName: "Outcomes", name: inputs.name });
    const diff = new rpc.DiffRequest();
    diff.setUrn(urn(type, "notices"));
    diff.setOldInputs(toStruct(inputs));
    diff.setNews(toStruct(news));
    const difference = await ask<rpc.DiffRequest, rpc.DiffResponse>(client, client.diff, diff);
    assert.deepEqual(difference.toObject(), {
      replacesList: [],
      stablesList: [],
      deletebeforereplace: false,
      changes: rpc.DiffResponse.DiffChanges.DIFF_SOME,
      diffsList: ["displayName"],
      detaileddiffMap: [["displayName", { kind: rpc.PropertyDiff.Kind.UPDATE, inputdiff: true }]],
      hasdetaileddiff: true,
    });

    const update = new rpc.UpdateRequest();
    update.setUrn(urn(type, "notices"));
    update.setId(created.getId());
    update.setOldInputs(toStruct(inputs));
    update.setOlds(toStruct(outputs));
    update.setNews(toStruct(news));
    const updated = await ask<rpc.UpdateRequest, rpc.UpdateResponse>(client, client.update, update);
    assert.equal(fromStruct(updated.getProperties()).displayName, "Outcomes");

    const removal = new rpc.DeleteRequest();
    removal.setUrn(urn(type, "notices"));
    removal.setId(created.getId());
    removal.setOldInputs(toStruct(news));
    removal.setProperties(fromUpdated(updated));
    await ask(client, client.delete, removal);
    const gone = await ask<rpc.ReadRequest, rpc.ReadResponse>(client, client.read, read);
    assert.equal(gone.getId(), "");
  });

  it("says in a replacement which properties force it", async () => {
    const type = "aws:sqs/queue:Queue";
    const { inputs } = await check(client, type, "q", { name: "jobs" });
    const request = new rpc.DiffRequest();
    request.setUrn(urn(type, "q"));
    request.setOldInputs(toStruct(inputs));
    request.setNews(toStruct({ ...inputs, region: "us-east-1", name: unknown }));
    const answer = await ask<rpc.DiffRequest, rpc.DiffResponse>(client, client.diff, request);
    const { UPDATE_REPLACE } = rpc.PropertyDiff.Kind;
    assert.deepEqual(
      [answer.getReplacesList().sort(), answer.getDeletebeforereplace(), answer.toObject().detaileddiffMap.sort()],
      [
        ["name", "region"],
        false,
        [
          ["name", { kind: UPDATE_REPLACE, inputdiff: true }],
          ["region", { kind: UPDATE_REPLACE, inputdiff: true }],
        ],
      ],
    );
  });

  it("gives every failed check with the path of its property", async () => {
    const { failures } = await check(client, "aws:sqs/queue:Queue", "q", { delaySeconds: 901, fifoQueue: "no" });
    assert.deepEqual(failures, [
      { property: "delaySeconds", reason: "ASY-562 got 901, expected a whole number from 0 to 900" },
      { property: "fifoQueue", reason: 'ASY-562 got "no", expected true or false' },
    ]);
  });

  it("gives AWS's refusal as the step's error", async () => {
    const inputs = { name: "alias/x", targetKeyId: "3f6a2b1c-0000-4000-8000-000000000000", region: "eu-west-1" };
    await assert.rejects(create("aws:kms/alias:Alias", "a", inputs), (cause: ServiceError) => {
      assert.match(cause.details, /^CreateAlias: NotFoundException: /);
      return true;
    });
  });

  it("hands a resource that did not come up to the state", async () => {
    const trust = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    const role = await at.make("aws:iam/role:Role", "r", { assumeRolePolicy: trust });
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
    });
    await at.make("aws:iam/rolePolicy:RolePolicy", "r", { role: role.id, policy });
    const model = await at.make("aws:sagemaker/model:Model", "m", {
      executionRoleArn: role.outputs.arn,
      primaryContainer: { image: `${image}-broken` },
    });
    const config = await at.make("aws:sagemaker/endpointConfiguration:EndpointConfiguration", "c", {
      productionVariants: [
        { variantName: "main", modelName: model.id, instanceType: "ml.m5.large", initialInstanceCount: 1 },
      ],
    });
    const inputs = { name: "e", endpointConfigName: config.id, region: "eu-west-1" };
    const step = at.passing(create("aws:sagemaker/endpoint:Endpoint", "e", inputs));
    await assert.rejects(step, (cause: ServiceError) => {
      const [bytes] = cause.metadata.get("grpc-status-details-bin");
      const [detail] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
      assert.equal(detail?.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
      const unfinished = rpc.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
      assert.deepEqual(
        [unfinished.getId(), fromStruct(unfinished.getInputs()), unfinished.getReasonsList()],
        ["e", inputs, [cause.details]],
      );
      assert.match(cause.details, /^the endpoint e is Failed: /);
      return true;
    });
  });

  it("answers functions, with their failures", async () => {
    const invoke = async (token: string, args: Properties) => {
      const request = new rpc.InvokeRequest();
      request.setTok(token);
      request.setArgs(toStruct(args));
      const answer = await ask<rpc.InvokeRequest, rpc.InvokeResponse>(client, client.invoke, request);
      return [fromStruct(answer.getReturn()), answer.getFailuresList().map((each) => each.toObject())];
    };
    assert.deepEqual(await invoke("aws:index/getPartition:getPartition", {}), [
      { partition: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws", id: "aws" },
      [],
    ]);
    assert.deepEqual(await invoke("aws:iam/getPolicyDocument:getPolicyDocument", { version: "2011" }), [
      {},
      [{ property: "version", reason: 'ASY-562 got "2011", expected one of 2008-10-17, 2012-10-17' }],
    ]);
    await assert.rejects(invoke("aws:ec2/getVpc:getVpc", {}), /ASY-561/);
  });
});

function fromUpdated(updated: rpc.UpdateResponse) {
  return updated.getProperties();
}
