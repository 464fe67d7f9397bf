import assert from "node:assert/strict";
import { assumedTiming, assumptions } from "../../../rehearsal/world/assumptions";

describe("the table of everything assumed", () => {
  it("names each number of the timing with the value that is played", () => {
    const timing = assumptions.flatMap(({ settableBy, value }) =>
      settableBy?.startsWith("timing.") ? [[settableBy.slice("timing.".length), value]] : [],
    );
    assert.deepEqual(Object.fromEntries(timing), assumedTiming);
  });

  it("has a name of its own and a reason for each row, and a unit for each number", () => {
    assert.equal(new Set(assumptions.map(({ name }) => name)).size, assumptions.length);
    const incomplete = assumptions.filter(
      ({ reason, value, unit }) => reason === "" || (typeof value === "number") !== (unit !== undefined),
    );
    assert.deepEqual(incomplete, []);
  });
});
