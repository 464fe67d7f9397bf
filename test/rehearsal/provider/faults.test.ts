import assert from "node:assert/strict";
import { administrator } from "../../../rehearsal/world/call";
import { parseFaults } from "../../../rehearsal/world/faults/parse";
import type { FaultInput } from "../../../rehearsal/world/faults/schema";
import { type ProviderWorld, startProviderWorld } from "./provider-world";

describe("faults at the provider's door", () => {
  let at: ProviderWorld;
  beforeEach(async () => {
    at = await startProviderWorld();
  });
  afterEach(() => at.close());

  const order = (fault: FaultInput): void => at.world.faults.set(parseFaults({ faults: [fault] }, "test"));
  const makeQueue = () => at.make("aws:sqs/queue:Queue", "q", { name: "q" });
  const where = { operations: ["sqs:CreateQueue"] };

  it("are borne as long as AWS's provider tries again", async () => {
    order({ what: "throttling", where, first: 24 });
    await makeQueue();
    assert.deepEqual(at.world.faults.tallies(), [{ what: "throttling", occasions: 25, struck: 24 }]);
  });

  for (const [fault, told] of [
    [{ what: "throttling", where }, /CreateQueue.*ThrottlingException: Rate exceeded/],
    [{ what: "server-error", where }, /CreateQueue.*InternalFailure: The request processing has failed/],
    [{ what: "dropped-connection", where }, /CreateQueue.*RequestError: send request failed/],
    [{ what: "region-gone", where: { regions: ["eu-west-1"] } }, /ServiceUnavailable: /],
  ] as const) {
    it(`end a step when ${fault.what} does not end, and nothing is made`, async () => {
      order(fault as FaultInput);
      await assert.rejects(makeQueue(), told);
      at.world.faults.set(parseFaults({ faults: [] }, "test"));
      const call = { accountId: at.world.accountId, region: "eu-west-1", principal: administrator };
      assert.deepEqual((await at.world.sqs.listQueues(call, {})).QueueUrls ?? [], []);
    });
  }
});
