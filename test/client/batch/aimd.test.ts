import assert from "node:assert/strict";
import fc from "fast-check";
import { Aimd } from "../../../client/batch/aimd";

describe("how many submissions are under way at once", () => {
  it("grows by one for each round that goes well, to the most", () => {
    const aimd = new Aimd(2, 4);
    const seen = Array.from({ length: 12 }, () => {
      aimd.succeeded();
      return aimd.atOnce;
    });
    assert.deepEqual(seen, [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
  });

  it("halves when the service is too busy, once for throttles of one moment, and never below one", () => {
    const aimd = new Aimd(8, 64, 1000);
    aimd.throttled(0);
    aimd.throttled(999);
    assert.equal(aimd.atOnce, 4);
    aimd.throttled(1000);
    assert.equal(aimd.atOnce, 2);
    for (let ms = 2000; ms < 10_000; ms += 1000) aimd.throttled(ms);
    assert.equal(aimd.atOnce, 1);
  });

  it("stays between one and the most, whatever comes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.array(fc.boolean(), { maxLength: 500 }), (most, steps) => {
        const aimd = new Aimd(8, most);
        steps.forEach((good, index) => {
          if (good) aimd.succeeded();
          else aimd.throttled(index * 500);
          assert.ok(aimd.atOnce >= 1 && aimd.atOnce <= most);
        });
      }),
    );
  });
});
