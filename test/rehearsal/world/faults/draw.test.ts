import assert from "node:assert/strict";
import fc from "fast-check";
import { Draw, seedOf } from "../../../../rehearsal/world/faults/draw";

const times = (draw: Draw, count: number): boolean[] => Array.from({ length: count }, () => draw.strikes());

describe("when a fault strikes", () => {
  it("follows from its seed alone", () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0.01, max: 1, noNaN: true }), (seed, share) => {
        assert.deepEqual(times(new Draw({ share }, seed), 50), times(new Draw({ share }, seed), 50));
      }),
    );
  });

  it("comes as often as its share says", () => {
    for (const share of [0.05, 0.2, 0.9]) {
      const struck = times(new Draw({ share }, 7), 20_000).filter((each) => each).length;
      assert.ok(Math.abs(struck / 20_000 - share) < 0.01, `${struck / 20_000} for ${share}`);
    }
  });

  it("is each so-manieth time, the first times, or every time", () => {
    assert.deepEqual(times(new Draw({ every: 3 }, 1), 7), [false, false, true, false, false, true, false]);
    assert.deepEqual(times(new Draw({ first: 2 }, 1), 4), [true, true, false, false]);
    assert.deepEqual(times(new Draw({}, 1), 3), [true, true, true]);
  });

  it("is counted", () => {
    const draw = new Draw({ every: 2 }, 1);
    times(draw, 5);
    assert.deepEqual(draw.tally, { occasions: 5, struck: 2 });
  });

  it("differs between neighbours of one list and between seeds", () => {
    const seeds = [0, 1, 2, 7].flatMap((seed) => [0, 1, 2, 3].map((index) => seedOf(seed, index)));
    assert.equal(new Set(seeds).size, seeds.length);
    const decisions = seeds.map((seed) => times(new Draw({ share: 0.5 }, seed), 40).join());
    assert.equal(new Set(decisions).size, seeds.length);
  });
});
