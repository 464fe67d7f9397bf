import assert from "node:assert/strict";
import type { BatchResult } from "../../client/batch/run-batch";
import { collectText } from "../../client/collect";
import { statusOf } from "../../client/status";
import type { Manifest, RegionManifest } from "../../contract/manifest";
import type { FaultInput } from "../../rehearsal/world/faults/schema";
import { FaultyFleet } from "../support/faulty-fleet";

const count = 20;
const texts = (name: string): string[] => Array.from({ length: count }, (_, index) => `echo ${name} ${index}`);

/** Whatever did not end as it should. */
const unfinished = ({ items }: BatchResult): unknown[] =>
  items.flatMap(({ name, end, problem }) => (end?.outcome === "completed" ? [] : [[name, end?.outcome, problem]]));

describe("the client under faults", function () {
  this.timeout(60_000);
  let fleet: FaultyFleet;
  before(async () => {
    fleet = await FaultyFleet.open(["eu-west-1", "eu-central-1"]);
  });
  after(() => fleet.close());
  afterEach(() => fleet.order([]));

  const struck = (): number[] => fleet.world.faults.tallies().map((each) => each.struck);

  /** Sends a batch through a storm, and gives how often the endpoint took a request more than once. */
  async function throughStorm(name: string, faults: readonly FaultInput[], seed: number): Promise<number> {
    fleet.order(faults, seed);
    const before = fleet.accepted();
    const client = fleet.client();
    const batch = await fleet.batch(name, count, client);
    client.close();
    assert.deepEqual(unfinished(batch), []);
    assert.deepEqual(batch.results, texts(name));
    assert.equal(new Set(batch.items.map(({ submission }) => submission?.outputLocation)).size, count);
    const accepted = [...fleet.accepted()].filter(([id]) => !before.has(id));
    assert.equal(accepted.length, count);
    return accepted.reduce((sum, [, times]) => sum + times - 1, 0);
  }

  for (const seed of [1, 2]) {
    it(`loses and doubles nothing among throttles, lost answers, lost and doubled notices: seed ${seed}`, async () => {
      const again = await throughStorm(
        `storm${seed}`,
        [
          { what: "throttling", share: 0.2 },
          { what: "dropped-connection", moment: "after", share: 0.05, where: { operations: ["s3:*", "sqs:*"] } },
          { what: "lost-notice", share: 0.2 },
          { what: "doubled-notice", share: 0.2 },
        ],
        seed,
      );
      assert.equal(again, 0);
      assert.ok(
        struck().every((times) => times > 0),
        String(struck()),
      );
    });
  }

  it("sends a request whose answer got lost again, to the same place, and tells of one end", async () => {
    const again = await throughStorm(
      "lost-answers",
      [{ what: "dropped-connection", moment: "after", share: 0.3, where: { operations: ["sagemakerRuntime:*"] } }],
      1,
    );
    // SageMaker cannot be asked whether it has a request, so each lost answer is one more run, and no more.
    assert.deepEqual([again], struck());
    assert.ok(again > 0);
  });

  it("gets every result whole where answers break off, servers fail and nothing is quick", async () => {
    const again = await throughStorm(
      "broken",
      [
        { what: "dropped-connection", moment: "during", share: 0.3, where: { operations: ["s3:GetObject"] } },
        { what: "server-error", share: 0.2 },
        { what: "latency", seconds: 5, jitterSeconds: 20, share: 0.3 },
        { what: "late-notice", seconds: 900, share: 0.5 },
      ],
      4,
    );
    assert.equal(again, 0);
  });

  it("goes on to the next region when one is gone, and comes back to it afterwards", async () => {
    const client = fleet.client({ choice: { by: "order", regions: ["eu-west-1", "eu-central-1"] } });
    fleet.order([{ what: "region-gone", where: { regions: ["eu-west-1"] }, toSeconds: 3600 }]);
    const submission = await client.submit({ bytes: Buffer.from("elsewhere") }, { contentType: "text/plain" });
    assert.equal(submission.region, "eu-central-1");
    const { outcome, location = "" } = await client.wait(submission);
    assert.equal(outcome, "completed");
    assert.equal(await collectText(client.connection("eu-central-1"), location), "echo elsewhere");
    const { lastError } = (await client.health()).find(({ region }) => region === "eu-west-1") ?? {};
    assert.match(lastError ?? "", /^ServiceUnavailable: /);
    await fleet.world.clock.sleep(3_600_000);
    const later = await client.submit({ bytes: Buffer.from("home") }, { contentType: "text/plain" });
    assert.equal(later.region, "eu-west-1");
    client.close();
  });

  it("sends a request nowhere else when a region that is gone may have taken it, unless it may run twice", async () => {
    fleet.order([{ what: "region-gone", where: { regions: ["eu-west-1"] }, answers: "nothing" }]);
    const payload = { bytes: Buffer.from("once") };
    const careful = fleet.client();
    await assert.rejects(careful.submit(payload, { contentType: "text/plain" }), /socket hang up|ECONNRESET/);
    // After three such failures the region is left alone for a while.
    await assert.rejects(careful.submit(payload, { contentType: "text/plain" }));
    await assert.rejects(careful.submit(payload, { contentType: "text/plain" }));
    assert.equal((await careful.submit(payload, { contentType: "text/plain" })).region, "eu-central-1");
    careful.close();
    const bold = fleet.client({ mayRunTwice: true });
    assert.equal((await bold.submit(payload, { contentType: "text/plain" })).region, "eu-central-1");
    bold.close();
  });

  it("finishes a batch in the region that is left while the other is gone and this one throttles", async () => {
    await throughStorm(
      "one-left",
      [
        { what: "region-gone", where: { regions: ["eu-west-1"] } },
        { what: "throttling", where: { regions: ["eu-central-1"] }, share: 0.3 },
      ],
      5,
    );
  });

  it("is told by the status which region has no capacity, in SageMaker's words, and of another that answers", async () => {
    const [west, central] = ["eu-west-1", "eu-central-1"].map(
      (region) => (fleet.manifest as Manifest).regions[region] as RegionManifest,
    );
    assert.ok(west !== undefined && central !== undefined);
    const idle = (region: string) => () => fleet.endpoint(region).inService.length === 0;
    for (const region of ["eu-west-1", "eu-central-1"]) await fleet.world.clock.until(idle(region), 7_200_000);
    fleet.order([{ what: "capacity-shortage", where: { regions: ["eu-west-1"] }, givesUpSeconds: 600 }]);
    const client = fleet.client();
    const waiting = await client.submit(
      { bytes: Buffer.from("waits") },
      { contentType: "text/plain", region: "eu-west-1" },
    );
    await fleet.world.clock.until(() => fleet.endpoint("eu-west-1").failureReason !== undefined, 7_200_000);
    const access = {
      endpoint: fleet.wire.url,
      credentials: { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" },
    };
    const status = await statusOf(west, access);
    assert.deepEqual([status.endpointStatus, status.instances, status.backlog], ["InService", 0, 1]);
    assert.match(status.failureReason ?? "", /InsufficientInstanceCapacity/);
    assert.equal((await statusOf(central, access)).failureReason, undefined);
    // The shortage over, the request that waited is answered.
    fleet.order([]);
    assert.equal((await client.wait(waiting)).outcome, "completed");
    client.close();
  });
});
