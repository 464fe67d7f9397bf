import assert from "node:assert/strict";
import { scalingNumbers, scalingPlan } from "../../contract/scaling";
import { parseSettings } from "../../contract/settings";
import { administrator, type Call } from "../../rehearsal/world/call";
import type { JournalEntry } from "../../rehearsal/world/journal";
import { FakeContainers } from "../support/fake-containers";
import { engine, engineTimeoutMs, type PlayedDeployment, playedDeployment } from "./support";

const call: Call = { accountId: "123456789012", region: "eu-west-1", principal: administrator };
const endpointName = "async-fleet-dev";
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A Monday in winter, when Dublin's clocks show UTC. */
const startMs = Date.UTC(2026, 0, 5, 5);

/**
 * What the program itself deploys, driven: its own target, policies, alarms and scheduled actions. Left open: AWS's own
 * speed, and the periods of the alarms that target tracking makes.
 */
describe("the deployed scaling", () => {
  let at: PlayedDeployment;
  before(async function () {
    this.timeout(engineTimeoutMs);
    await engine();
    const containers = new FakeContainers((payload) => ({
      body: "done",
      workSeconds: Number(String(payload).split(":")[1]),
    }));
    at = await playedDeployment(containers, startMs);
    await at.stack.changeSettings((config) => {
      config["async-fleet:endpoint"] = { instanceType: "ml.m5.large", concurrencyPerInstance: 1 };
      config["async-fleet:scaling"] = { max: 4, backlogPerInstance: 4 };
      config["async-fleet:requests"] = { invocationTimeoutSeconds: 3600 };
    });
    await at.stack.up();
  });
  after(() => at.close());

  const endpoint = () => at.world.sagemaker.endpoint(call, endpointName);
  const since = <Kind extends JournalEntry["kind"]>(fromMs: number, kind: Kind) =>
    at.world.journal.entries.filter(
      (entry): entry is Extract<JournalEntry, { kind: Kind }> => entry.kind === kind && entry.atMs >= fromMs,
    );
  const asleep = async (withinHours = 6): Promise<void> => {
    const reached = await at.world.clock.until(() => endpoint().paid === 0, withinHours * hourMs);
    assert.ok(reached, "it does not go to zero");
  };
  const send = (id: string, workSeconds: number) =>
    at.world.sagemakerRuntime.invokeEndpointAsync(call, {
      EndpointName: endpointName,
      Body: Buffer.from(`${id}:${workSeconds}`),
      InferenceId: id,
      InvocationTimeoutSeconds: 3600,
    });
  const ended = (id: string): string | undefined => endpoint().queue.records.get(id)?.outcome;

  it("wakes exactly one instance for one request, within the numbers its plan promises, and goes back to zero", async () => {
    await asleep();
    const sentMs = at.world.clock.now();
    await send("one", 30);
    assert.ok(await at.world.clock.until(() => ended("one") !== undefined, hourMs));
    assert.equal(ended("one"), "completed");
    await asleep();
    const moves = since(sentMs, "scaling");
    assert.deepEqual(
      moves.map(({ from, to }) => [from, to]),
      [
        [0, 1],
        [1, 0],
      ],
    );
    assert.equal(Math.max(...since(sentMs, "instances").map(({ running }) => running)), 1);
    const settings = parseSettings(
      { regions: ["eu-west-1"], model: { image: "x" }, scaling: { max: 4 } },
      { stack: "dev" },
    );
    const plan = scalingPlan(settings.region["eu-west-1"]?.scaling ?? assert.fail());
    const { detectionSeconds, wakeSeconds, idleSeconds } = scalingNumbers(plan);
    const [woken, gone] = moves;
    const record = endpoint().queue.records.get("one");
    assert.ok((woken?.atMs ?? 0) - sentMs <= detectionSeconds * 1000, `woken after ${(woken?.atMs ?? 0) - sentMs} ms`);
    assert.ok((record?.startedAtMs ?? 0) - sentMs <= wakeSeconds * 1000);
    assert.ok((gone?.atMs ?? 0) - (record?.endedAtMs ?? 0) <= idleSeconds * 1000);
    assert.match(woken?.cause ?? "", /^monitor alarm async-fleet-dev-wake in state ALARM/);
    assert.match(gone?.cause ?? "", /^monitor alarm async-fleet-dev-idle in state ALARM/);
  });

  it("scales a burst of 200 out to the maximum and never above, answers all, and goes back to zero", async () => {
    const fromMs = at.world.clock.now();
    const ids = Array.from({ length: 200 }, (_, index) => `burst-${index}`);
    for (const id of ids) await send(id, 60);
    assert.ok(await at.world.clock.until(() => ids.every((id) => ended(id) !== undefined), 12 * hourMs));
    assert.deepEqual(new Set(ids.map(ended)), new Set(["completed"]));
    await asleep();
    assert.equal(Math.max(...since(fromMs, "instances").map(({ running }) => running)), 4);
    assert.equal(since(fromMs, "scaling").at(-1)?.to, 0);
  });

  it("does not cut a job of forty minutes when it goes by idleness", async () => {
    await send("long", 2400);
    assert.ok(await at.world.clock.until(() => ended("long") !== undefined, 2 * hourMs));
    assert.equal(ended("long"), "completed");
    await asleep();
  });

  it("keeps an instance in office hours of another time zone, and none at night", async function () {
    this.timeout(120_000);
    await at.stack.changeSettings((config) => {
      config["async-fleet:scaling"] = {
        max: 4,
        backlogPerInstance: 4,
        schedule: [
          { name: "day", cron: "0 8 ? * MON-FRI *", timezone: "America/New_York", min: 1 },
          { name: "evening", cron: "0 18 ? * MON-FRI *", timezone: "America/New_York", min: 0 },
        ],
      };
    });
    const { steps } = await at.stack.up();
    assert.deepEqual(
      steps.filter(({ op }) => op !== "same").map(({ op, type }) => `${op} ${type.split(":").at(-1)}`),
      ["create ScheduledAction", "create ScheduledAction"],
    );
    const fromMs = at.world.clock.now();
    assert.ok(await at.world.clock.until(() => endpoint().paid === 1, 4 * 24 * hourMs));
    const [begun] = since(fromMs, "scaling");
    const opening = new Date(begun?.atMs ?? 0);
    assert.deepEqual([opening.getUTCHours(), opening.getUTCMinutes()], [13, 0]);
    assert.equal(begun?.cause, "scheduled action name async-fleet-dev-day was triggered");
    await asleep(11);
    const closing = new Date(since(fromMs, "scaling").at(-1)?.atMs ?? 0);
    assert.equal(closing.getUTCHours(), 23);
  });

  it("cuts that job when it follows the backlog down, as the settings say", async function () {
    this.timeout(120_000);
    await at.stack.changeSettings((config) => {
      config["async-fleet:scaling"] = { max: 4, backlogPerInstance: 4, scaleIn: { kind: "withBacklog" } };
      // The pack stops this for the very reason that is shown here.
      config["async-fleet:policies"] = { rules: { "scale-in-spares-running-requests": "advisory" } };
    });
    await at.stack.up();
    await asleep();
    await send("cut", 2400);
    assert.ok(await at.world.clock.until(() => ended("cut") !== undefined, 2 * hourMs));
    assert.equal(ended("cut"), "failed");
    const record = endpoint().queue.records.get("cut");
    assert.ok((record?.endedAtMs ?? 0) - (record?.startedAtMs ?? 0) < 2_400_000);
  });

  it("leaves nothing behind", async () => {
    await at.stack.changeSettings((config) => {
      config["async-fleet:storage"] = { forceDestroy: true };
    });
    await at.stack.up();
    await at.stack.destroy();
  });
});
