import assert from "node:assert/strict";
import { type ProviderWorld, startProviderWorld } from "./provider-world";

describe("a region that the account has not enabled", () => {
  let at: ProviderWorld;
  beforeEach(async () => {
    at = await startProviderWorld();
    at.world.account.conditions = { disabledRegions: ["eu-west-1"] };
  });
  afterEach(() => at.close());

  it("takes no resource, in AWS's words", async () => {
    await assert.rejects(
      at.make("aws:sqs/queue:Queue", "q", { name: "q" }),
      /UnrecognizedClientException: The security token included in the request is invalid\./,
    );
  });

  it("does not keep the account from what is there for all regions", async () => {
    const { id } = await at.make("aws:iam/role:Role", "r", {
      name: "r",
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
    });
    assert.equal(id, "r");
  });
});
