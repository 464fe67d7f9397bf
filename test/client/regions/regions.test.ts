import assert from "node:assert/strict";
import fc from "fast-check";
import { acceptanceAfter } from "../../../client/regions/acceptance";
import { Breaker } from "../../../client/regions/breaker";
import { type RegionState, rank } from "../../../client/regions/choose";

const states: RegionState[] = [
  { region: "a", latencyMs: 30, backlogPerInstance: 0 },
  { region: "b", latencyMs: 10 },
  { region: "c", backlogPerInstance: 7 },
  { region: "d", latencyMs: 20, backlogPerInstance: 2 },
];

describe("the order in which a request tries regions", () => {
  it("is the caller's, without regions the fleet has not", () => {
    assert.deepEqual(rank(states, { by: "order", regions: ["d", "x", "a"] }), ["d", "a"]);
  });

  it("is the nearest first, the unmeasured last", () => {
    assert.deepEqual(rank(states, { by: "latency" }), ["b", "d", "a", "c"]);
  });

  it("is the least loaded first, the unmeasured last", () => {
    assert.deepEqual(rank(states, { by: "backlog" }), ["a", "d", "c", "b"]);
  });

  it("is drawn by weights, and holds just the regions that have one", () => {
    const weights = { a: 1, b: 0, c: 3 };
    assert.deepEqual(
      rank(states, { by: "weights", weights }, () => 0),
      ["a", "c"],
    );
    assert.deepEqual(
      rank(states, { by: "weights", weights }, () => 0.999),
      ["c", "a"],
    );
  });

  it("comes as often as the weights say", () => {
    let first = 0;
    const steps = 1000;
    for (let step = 0; step < steps; step++) {
      const order = rank(states, { by: "weights", weights: { a: 1, c: 3 } }, () => (step + 0.5) / steps);
      if (order[0] === "c") first++;
    }
    assert.equal(first, 750);
  });

  it("names each region once, whatever is known of them", () => {
    const known = fc.record(
      { latencyMs: fc.nat(), backlogPerInstance: fc.double({ min: 0, noNaN: true }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(known, { maxLength: 31 }),
        fc.constantFrom("latency" as const, "backlog" as const),
        (all, by) => {
          const regions = all.map((each, index) => ({ ...each, region: `r${index}` }));
          assert.deepEqual(rank(regions, { by }).sort(), regions.map(({ region }) => region).sort());
        },
      ),
    );
  });
});

describe("a failed submission", () => {
  const http = (httpStatusCode: number, name = "Error") => ({ name, $metadata: { httpStatusCode } });
  for (const [what, cause, acceptance] of [
    ["that never connected", { code: "ECONNREFUSED" }, "unreachable"],
    ["whose host has no address", { cause: { code: "ENOTFOUND" } }, "unreachable"],
    ["that was throttled", http(400, "ThrottlingException"), "busy"],
    ["answered with 503", http(503), "busy"],
    ["answered with 400", http(400, "ValidationError"), "refused"],
    ["answered with 403", http(403, "AccessDeniedException"), "refused"],
    ["answered with 500", http(500, "InternalFailure"), "unknown"],
    ["whose connection broke", { code: "ECONNRESET" }, "unknown"],
    ["that took too long", { name: "TimeoutError" }, "unknown"],
  ] as const) {
    it(`${what} is ${acceptance}`, () => assert.equal(acceptanceAfter(cause), acceptance));
  }
});

describe("a breaker", () => {
  it("opens at the third failure in a row, lets one try after its rest, and closes with a success", () => {
    const breaker = new Breaker(3, 1000);
    breaker.failed(0);
    breaker.failed(1);
    assert.deepEqual([breaker.allows(2), breaker.state(2)], [true, "closed"]);
    breaker.failed(2);
    assert.deepEqual([breaker.allows(3), breaker.state(3)], [false, "open"]);
    assert.deepEqual([breaker.allows(1001), breaker.allows(1002), breaker.state(1002)], [false, true, "trying"]);
    breaker.failed(1002);
    assert.equal(breaker.allows(2001), false);
    breaker.succeeded();
    assert.deepEqual([breaker.allows(2001), breaker.state(2001)], [true, "closed"]);
    breaker.failed(2002);
    assert.equal(breaker.allows(2003), true);
  });
});
