import assert from "node:assert/strict";
import { collectText } from "../../client/collect";
import { submit } from "../../client/submit";
import { waitForAll } from "../../client/wait";
import { RehearsedEndpoint } from "../fixtures/rehearsed-endpoint";

const hourMs = 3_600_000;

for (const [where, aheadMs] of [
  ["behind", 7 * hourMs],
  ["ahead of", -7 * hourMs],
] as const) {
  describe(`a laptop whose clock is seven hours ${where} AWS's`, () => {
    let at: RehearsedEndpoint;
    before(async function () {
      this.timeout(60_000);
      at = await RehearsedEndpoint.open({ image: "echoes", aheadMs });
    });
    after(() => at.close());

    it("submits, waits and collects as any other, inline and over S3", async () => {
      assert.ok(Math.abs(at.world.clock.now() - Date.now()) > 6 * hourMs);
      const large = "l".repeat(200_000);
      const submissions = [
        await submit(at.connection, { bytes: Buffer.from("small") }, { contentType: "text/plain" }),
        await submit(at.connection, { bytes: Buffer.from(large) }, { contentType: "text/plain" }),
      ];
      const endings = await waitForAll(at.connection, submissions);
      assert.deepEqual(
        endings.map(({ outcome }) => outcome),
        ["completed", "completed"],
      );
      assert.equal(await collectText(at.connection, endings[0]?.location ?? ""), "echo small");
      assert.equal(await collectText(at.connection, endings[1]?.location ?? ""), `echo ${large}`);
    }).timeout(60_000);
  });
}
