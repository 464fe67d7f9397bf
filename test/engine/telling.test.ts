import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Manifest } from "../../contract/manifest";
import { administrator, type Call } from "../../rehearsal/world/call";
import { inventory } from "../../rehearsal/world/inventory";
import type { JournalEntry } from "../../rehearsal/world/journal";
import { FakeContainers } from "../support/fake-containers";
import { engine, engineTimeoutMs, type PlayedDeployment, playedDeployment } from "./support";

const call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
const other: Call = { ...call, accountId: "210987654321" };
const hook = "https://hooks.example.com/results";
const hourMs = 3_600_000;

/** Everybody a deployment can tell, told: on the program's own topics, keys, policies, alarms and subscriptions. */
describe("the deployed notices and alarms", () => {
  let at: PlayedDeployment;
  let server: Server;
  const heard: Array<Record<string, unknown>> = [];
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      heard.push(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const containers = new FakeContainers((payload) => ({
      body: String(payload),
      status: String(payload) === "bad" ? 500 : 200,
    }));
    at = await playedDeployment(containers, Date.UTC(2026, 0, 5), {
      [hook]: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    });
    await at.stack.changeSettings((config) => {
      config["async-fleet:notifications"] = {
        subscribers: [
          { name: "hook", to: hook, outcome: "error", filter: { invocationStatus: ["Failed"] }, deadLetter: true },
          { name: "collect", to: "arn:aws:lambda:{region}:{account}:function:collect", outcome: "success" },
        ],
        accounts: [other.accountId],
      };
      config["async-fleet:alarms"] = { emails: ["ops@example.com"] };
      config["async-fleet:storage"] = { forceDestroy: true };
    });
    await at.stack.up();
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await at.close();
  });

  const deliveries = (protocol: string, messageType: string) =>
    at.world.journal.entries.filter(
      (entry): entry is Extract<JournalEntry, { kind: "delivery" }> =>
        entry.kind === "delivery" && entry.protocol === protocol && entry.messageType === messageType,
    );
  const confirm = async (protocol: string): Promise<void> => {
    for (const { topicArn, token } of deliveries(protocol, "SubscriptionConfirmation"))
      await at.world.sns.confirmSubscription(call, { TopicArn: topicArn, Token: token });
  };
  const send = (id: string, payload: string) =>
    at.world.sagemakerRuntime.invokeEndpointAsync(call, {
      EndpointName: "async-fleet-dev",
      Body: Buffer.from(payload),
      InferenceId: id,
    });
  const ended = (id: string) => at.world.sagemaker.endpoint(call, "async-fleet-dev").queue.records.get(id)?.outcome;

  it("change nothing the second time, although subscriptions wait for their confirmation", async () => {
    assert.deepEqual(Object.keys((await at.stack.up()).counts), ["same"]);
  });

  it("tell each subscriber what it asked for, once it has confirmed", async () => {
    assert.ok(await at.world.clock.until(() => heard.length > 0, hourMs));
    assert.equal(heard[0]?.Type, "SubscriptionConfirmation");
    await confirm("https");
    await send("good", "fine");
    await send("bad", "bad");
    assert.ok(await at.world.clock.until(() => ended("good") !== undefined && ended("bad") !== undefined, hourMs));
    assert.ok(await at.world.clock.until(() => heard.length > 1, hourMs));
    const notices = heard.slice(1).map(({ Message }) => JSON.parse(String(Message)) as Record<string, unknown>);
    assert.deepEqual(
      notices.map(({ inferenceId, invocationStatus }) => [inferenceId, invocationStatus]),
      [["bad", "Failed"]],
    );
    const calls = deliveries("lambda", "Notification");
    assert.ok(calls.length > 0);
    assert.deepEqual(new Set(calls.map(({ outcome }) => outcome)), new Set(["recorded"]));
  });

  it("write of a failure to people, through the encrypted topic, and of its end", async () => {
    await confirm("email");
    await send("bad again", "bad");
    assert.ok(await at.world.clock.until(() => deliveries("email", "Notification").length >= 2, 3 * hourMs));
    const history = await at.world.cloudwatch.describeAlarmHistory(call, { AlarmName: "async-fleet-dev-failures" });
    const failed = history.AlarmHistoryItems?.filter(({ HistorySummary }) => HistorySummary?.startsWith("Failed"));
    assert.deepEqual(failed, []);
    const { manifest } = (await at.stack.outputs()) as { manifest: Manifest };
    assert.deepEqual(
      new Set(deliveries("email", "Notification").map(({ topicArn }) => topicArn)),
      new Set([manifest.regions["eu-west-1"]?.alarmTopicArn]),
    );
  });

  it("let the listed account subscribe a queue, and no other account", async () => {
    const { manifest } = (await at.stack.outputs()) as { manifest: Manifest };
    const TopicArn = manifest.regions["eu-west-1"]?.successTopicArn;
    const subscribe = (by: Call) =>
      at.world.sns.subscribe(by, {
        TopicArn,
        Protocol: "sqs",
        Endpoint: `arn:aws:sqs:eu-west-1:${by.accountId}:results`,
      });
    assert.match((await subscribe(other)).SubscriptionArn ?? "", /^arn:aws:sns:eu-west-1:123456789012:/);
    await assert.rejects(subscribe({ ...call, accountId: "111122223333" }), /not authorized to perform: sns:Subscribe/);
  });

  it("show what they watch on a dashboard that CloudWatch took", async () => {
    const { manifest } = (await at.stack.outputs()) as { manifest: Manifest };
    const DashboardName = manifest.regions["eu-west-1"]?.dashboardName;
    const { DashboardBody } = await at.world.cloudwatch.getDashboard(call, { DashboardName });
    const { MetricAlarms } = await at.world.cloudwatch.describeAlarms(call, { AlarmNamePrefix: "async-fleet-dev-" });
    for (const arn of DashboardBody?.match(/arn:aws:cloudwatch:[^"]+/g) ?? [])
      assert.ok(
        MetricAlarms?.some(({ AlarmArn }) => AlarmArn === arn),
        arn,
      );
  });

  it("leave nothing behind, the subscriptions that nobody confirmed included", async () => {
    await at.stack.destroy();
    assert.deepEqual(await inventory(at.world, ["eu-west-1"]), []);
  });
});
