import assert from "node:assert/strict";
import fc from "fast-check";
import { pageModule } from "../../support/page-module";

type Steps = ReadonlyArray<readonly [number, number]>;
interface Chart {
  valueTicks(highest: number): number[];
  timeTicks(fromMs: number, toMs: number, most?: number): number[];
  stepPath(steps: Steps, fromMs: number, toMs: number, x: (at: number) => number, y: (value: number) => number): string;
  stretchOf(history: object): { fromMs: number; toMs: number };
  chartWords(history: object): string;
}
const chart = pageModule<Chart>("chart.mjs");
const same = (value: number): number => value;

describe("the page's chart", () => {
  it("has round values up to the highest, none of them between whole instances", () => {
    assert.deepEqual(chart.valueTicks(0), [0, 1]);
    assert.deepEqual(chart.valueTicks(1), [0, 1]);
    assert.deepEqual(chart.valueTicks(5), [0, 2, 4, 6]);
    assert.deepEqual(chart.valueTicks(9), [0, 5, 10]);
    assert.deepEqual(chart.valueTicks(1000), [0, 500, 1000]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (highest) => {
        const ticks = chart.valueTicks(highest);
        assert.ok(ticks.every(Number.isInteger));
        assert.ok((ticks.at(-1) ?? 0) >= highest && ticks.length >= 2 && ticks.length <= 6, `${highest}: ${ticks}`);
      }),
    );
  });

  it("has few moments, round ones, all within the stretch", () => {
    const minuteMs = 60_000;
    assert.deepEqual(
      chart.timeTicks(30_000, 10.5 * minuteMs).map((at) => at / minuteMs),
      [2, 4, 6, 8, 10],
    );
    fc.assert(
      fc.property(fc.nat(1e12), fc.integer({ min: 600_000, max: 1e10 }), (fromMs, wide) => {
        const ticks = chart.timeTicks(fromMs, fromMs + wide);
        assert.ok(ticks.length >= 1 && ticks.length <= 8, `${ticks.length}`);
        assert.ok(ticks.every((at) => at >= fromMs && at <= fromMs + wide));
      }),
    );
  });

  it("draws steps: a value holds until the next, and the last until now", () => {
    assert.equal(chart.stepPath([], 0, 10, same, same), "");
    assert.equal(
      chart.stepPath(
        [
          [2, 0],
          [4, 3],
          [7, 1],
        ],
        0,
        10,
        same,
        same,
      ),
      "M2 0H4V3H7V1H10V1",
    );
  });

  it("shows at least ten minutes, and what came before them", () => {
    const nowMs = 3_600_000;
    const history = (desired: Steps) => ({ desired, inService: [], backlog: [], nowMs });
    assert.deepEqual(chart.stretchOf(history([])), { fromMs: nowMs - 600_000, toMs: nowMs });
    assert.deepEqual(chart.stretchOf(history([[nowMs - 5000, 1]])), { fromMs: nowMs - 600_000, toMs: nowMs });
    assert.deepEqual(chart.stretchOf(history([[1000, 1]])), { fromMs: 1000, toMs: nowMs });
  });

  it("says in words what it shows", () => {
    const history = {
      endpointName: "echo",
      inService: [
        [0, 0],
        [1, 2],
        [2, 1],
      ],
      backlog: [
        [0, 1500],
        [2, 0],
      ],
      scaling: [{}],
    };
    assert.equal(
      chart.chartWords(history),
      "echo over virtual time: 1 instance in service now, 2 at most; 0 requests queued or running now, 1,500 at most; scaled 1 time.",
    );
  });
});
