import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRehearsal } from "../../../rehearsal/rehearsal";
import { administrator } from "../../../rehearsal/world/call";
import { EndpointWorld } from "../../support/endpoint-world";
import { FakeContainers } from "../../support/fake-containers";

describe("an endpoint whose process ended", () => {
  let folder: string;
  let at: EndpointWorld;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "kept-")), "state");
    at = await EndpointWorld.open({ state: folder });
  });
  afterEach(async () => {
    await at.close();
    await rm(join(folder, ".."), { recursive: true, force: true });
  });

  const restart = async (containers?: FakeContainers): Promise<void> => {
    await at.world.keeper?.flushed();
    await at.kill();
    at = await EndpointWorld.open({ state: folder, ...(containers === undefined ? {} : { containers }) });
  };
  const counts = async () => {
    const { EndpointStatus, EndpointConfigName, ProductionVariants, FailureReason } =
      await at.world.sagemaker.describeEndpoint(at.call, { EndpointName: "echo" });
    const [{ CurrentInstanceCount, DesiredInstanceCount } = {}] = ProductionVariants ?? [];
    return [EndpointStatus, EndpointConfigName, CurrentInstanceCount, DesiredInstanceCount, FailureReason];
  };
  const moveTo = async (name: string): Promise<void> => {
    const { input } = at.endpoint.blueprint.config;
    await at.world.sagemaker.createEndpointConfig(at.call, { ...input, EndpointConfigName: name });
    await at.world.sagemaker.updateEndpoint(at.call, { EndpointName: "echo", EndpointConfigName: name });
  };

  it("is in service without its instances, which are replaced by cold starts and paid for from then on", async () => {
    await at.minutes(5);
    const before = at.endpoint.instanceSeconds;
    await restart();
    assert.equal(at.endpoint.instanceSeconds, before);
    assert.deepEqual(await counts(), ["InService", "echo-1", 0, 1, undefined]);
    await at.world.clock.advance(239_000);
    assert.deepEqual(await counts(), ["InService", "echo-1", 0, 1, undefined]);
    await at.world.clock.advance(2_000);
    assert.deepEqual(await counts(), ["InService", "echo-1", 1, 1, undefined]);
    assert.equal(at.endpoint.instanceSeconds, before + 241);
  });

  it("is described as before, the weight that was set included", async () => {
    await at.world.sagemaker.updateEndpointWeightsAndCapacities(at.call, {
      EndpointName: "echo",
      DesiredWeightsAndCapacities: [{ VariantName: "primary", DesiredWeight: 3 }],
    });
    const described = () => at.world.sagemaker.describeEndpoint(at.call, { EndpointName: "echo" });
    const before = await described();
    assert.equal(before.ProductionVariants?.[0]?.DesiredWeight, 3);
    await restart();
    await at.minutes(5);
    assert.deepEqual(await described(), before);
  });

  it("goes on being created", async () => {
    const { input } = at.endpoint.blueprint.config;
    await at.world.sagemaker.createEndpointConfig(at.call, { ...input, EndpointConfigName: "other" });
    await at.world.sagemaker.createEndpoint(at.call, { EndpointName: "other", EndpointConfigName: "other" });
    await restart();
    const status = async () =>
      (await at.world.sagemaker.describeEndpoint(at.call, { EndpointName: "other" })).EndpointStatus;
    assert.equal(await status(), "Creating");
    await at.minutes(5);
    assert.equal(await status(), "InService");
  });

  it("goes on being deleted, and what became of its requests is gone with it", async () => {
    await at.send("x");
    await at.minutes(1);
    await at.world.sagemaker.deleteEndpoint(at.call, { EndpointName: "echo" });
    await restart();
    await at.minutes(2);
    assert.deepEqual((await at.world.sagemaker.listEndpoints(at.call, {})).Endpoints, []);
    await at.world.sagemaker.createEndpoint(at.call, { EndpointName: "echo", EndpointConfigName: "echo-1" });
    await restart();
    assert.equal(at.endpoint.queue.records.size, 0);
  });

  it("goes on changing its number of instances", async () => {
    await at.world.sagemaker.updateEndpointWeightsAndCapacities(at.call, {
      EndpointName: "echo",
      DesiredWeightsAndCapacities: [{ VariantName: "primary", DesiredInstanceCount: 3 }],
    });
    await restart();
    assert.deepEqual(await counts(), ["Updating", "echo-1", 0, 3, undefined]);
    await at.minutes(5);
    assert.deepEqual(await counts(), ["InService", "echo-1", 3, 3, undefined]);
  });

  it("begins an update again, and holds its configuration in use", async () => {
    await moveTo("echo-2");
    await restart();
    assert.equal((await counts())[0], "Updating");
    for (const EndpointConfigName of ["echo-1", "echo-2"]) {
      await assert.rejects(at.world.sagemaker.deleteEndpointConfig(at.call, { EndpointConfigName }), /in use/);
    }
    await at.minutes(10);
    assert.deepEqual(await counts(), ["InService", "echo-2", 1, 1, undefined]);
    await at.world.sagemaker.deleteEndpointConfig(at.call, { EndpointConfigName: "echo-1" });
  });

  it("goes back to the configuration it had when the update fails after all, with instances of that", async () => {
    await moveTo("echo-2");
    let starts = 0;
    class OneFails extends FakeContainers {
      override async start(spec: never) {
        if (starts++ === 0) throw new Error("no room");
        return super.start(spec);
      }
    }
    await restart(new OneFails());
    await at.minutes(20);
    const [status, config, current, , reason] = await counts();
    assert.deepEqual([status, config, current], ["InService", "echo-1", 1]);
    assert.match(String(reason), /no room/);
  });

  it("tells a container that a request ran before, and shows it in the record", async () => {
    const slow = () => ({ body: "late", workSeconds: 600 });
    await restart(new FakeContainers(slow));
    await at.minutes(5);
    await at.send("twice");
    await at.minutes(1);
    await restart(new FakeContainers(slow));
    await at.minutes(5);
    await restart();
    await at.minutes(5);
    assert.deepEqual(at.containers.runs, ["3"]);
    const { runs, outcome } = at.endpoint.queue.records.get("twice") ?? {};
    assert.deepEqual([runs, outcome], [3, "completed"]);
    assert.deepEqual(
      at.journal("request").map(({ step }) => step),
      ["again", "started", "completed"],
    );
  });

  it("lets a request expire that waited for too long, the time without a process included", async () => {
    await at.world.sagemaker.updateEndpointWeightsAndCapacities(at.call, {
      EndpointName: "echo",
      DesiredWeightsAndCapacities: [{ VariantName: "primary", DesiredInstanceCount: 0 }],
    });
    await at.minutes(5);
    await at.send("x", { ttl: 120 });
    await at.minutes(1);
    await restart();
    await at.world.clock.advance(59_000);
    assert.equal(at.endpoint.queue.records.get("x")?.outcome, undefined);
    await at.minutes(1);
    assert.equal(at.endpoint.queue.records.get("x")?.outcome, "expired");
  });
});

describe("a notice on its way to an https subscriber when the process ends", () => {
  let folder: string;
  let listener: Server;
  const heard: Array<{ readonly type: string | undefined; readonly id: string | undefined; readonly body: string }> =
    [];
  let answers = false;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "kept-")), "state");
    heard.length = 0;
    listener = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { "x-amz-sns-message-type": type, "x-amz-sns-message-id": id } = request.headers;
      heard.push({ type: String(type), id: String(id), body: Buffer.concat(chunks).toString() });
      if (type === "SubscriptionConfirmation" || answers) response.end();
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    listener.closeAllConnections();
    listener.close();
    await rm(join(folder, ".."), { recursive: true, force: true });
  });

  it("is sent again under the same id", async () => {
    const Endpoint = "https://hooks.example.com/";
    const open = () =>
      startRehearsal({
        imageFolders: [],
        state: folder,
        listeners: { [Endpoint]: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/` },
      });
    const until = async (count: number): Promise<void> => {
      while (heard.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    const call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
    answers = false;
    const first = await open();
    const { sns } = first.world;
    const { TopicArn } = await sns.createTopic(call, { Name: "told" });
    await sns.subscribe(call, { TopicArn, Protocol: "https", Endpoint });
    await until(1);
    const { Token } = JSON.parse(heard[0]?.body ?? "") as { Token: string };
    await sns.confirmSubscription(call, { TopicArn, Token });
    await sns.publish(call, { TopicArn, Message: "hello" });
    await until(2);
    await first.close();
    answers = true;
    const second = await open();
    await until(3);
    await second.world.clock.until(() => second.world.journal.entries.some(({ kind }) => kind === "delivery"), 60_000);
    await second.close();
    const third = await open();
    await third.close();
    const notices = heard.filter(({ type }) => type === "Notification");
    assert.equal(notices.length, 2);
    assert.deepEqual(notices[0], notices[1]);
  });
});
