import assert from "node:assert/strict";
import { instanceUse } from "../../client/batch/instance-minutes";
import { FleetClient } from "../../client/fleet-client";
import { measureLoad } from "../../client/regions/measure";
import { statusOf } from "../../client/status";
import { RehearsedEndpoint } from "../fixtures/rehearsed-endpoint";

const hourSeconds = 3600;

describe("a region whose clock is hours ahead of this machine's", () => {
  let at: RehearsedEndpoint;
  before(async function () {
    this.timeout(60_000);
    at = await RehearsedEndpoint.open({ image: "echoes" });
    const { now } = at.world.clock;
    const untilMs = now.call(at.world.clock) + 3 * hourSeconds * 1000;
    await at.until(() => at.world.clock.now() >= untilMs, 4 * hourSeconds).catch(() => undefined);
  });
  after(() => at.close());

  const access = () => ({
    endpoint: at.rehearsal.url,
    credentials: { accessKeyId: "rehearsal", secretAccessKey: "r" },
  });

  it("is asked for the minutes it is in itself", async () => {
    assert.ok(at.world.clock.now() - Date.now() > 2 * hourSeconds * 1000);
    const { backlog, instances, unknown } = await statusOf(at.connection.manifest, access());
    assert.deepEqual({ backlog, instances, unknown }, { backlog: 0, instances: 1, unknown: [] });
    assert.equal((await measureLoad(at.connection)).backlog, 0);
    const apartMs = Math.abs(at.connection.clock.now() - at.world.clock.now());
    assert.ok(apartMs < 60_000, `${apartMs} ms apart`);
  });

  it("says how many minutes instances ran between a batch's first request and its last end", async () => {
    const client = new FleetClient(
      { version: 1, project: "test", stack: "dev", regions: { "eu-west-1": at.connection.manifest } },
      access(),
    );
    const nowMs = Math.floor(at.world.clock.now() / 60_000) * 60_000;
    const item = (fromMs: number, toMs: number) => ({
      name: "a",
      submission: { region: "eu-west-1", acceptedAtMs: 0 } as never,
      end: { times: { receivedAtMs: fromMs, endedAtMs: toMs, heardAtMs: 0 } } as never,
    });
    try {
      const use = await instanceUse(client, {
        items: [item(nowMs - 20 * 60_000 + 1, nowMs - 15 * 60_000), item(nowMs - 18 * 60_000, nowMs - 11 * 60_000 + 1)],
      });
      // The minutes 20 to 11 ago, both of them whole.
      assert.deepEqual(use, { instanceMinutes: { "eu-west-1": 10 }, totalMinutes: 10, unknown: {} });
    } finally {
      client.close();
    }
  });
});
