import assert from "node:assert/strict";
import fc from "fast-check";
import { concerns, covers, dayOf, isExpired, matches, waiverFor } from "../../../policies/waivers/match";
import type { Waiver } from "../../../policies/waivers/waiver";

const waiver = (more: Partial<Waiver>): Waiver => ({
  rule: "results-are-told",
  reason: "said elsewhere",
  owner: "team-ml",
  expires: "2027-01-31",
  at: "waivers.yaml:2",
  ...more,
});
const urn = "urn:pulumi:prod::fleet::aws:sns/topic:Topic::ok";
const place = { stack: "prod", urn, region: "eu-west-1" };

describe("a waiver's pattern", () => {
  for (const [pattern, text, expected] of [
    ["a", "a", true],
    ["a", "ab", false],
    ["*", "", true],
    ["*", "anything::at:all", true],
    ["a*c", "abc", true],
    ["a*c", "ac", true],
    ["a*a", "a", false],
    ["a*b*c", "a-c-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["*::ok", urn, true],
    ["urn:pulumi:prod::*", urn, true],
    ["eu-*", "eu-west-1", true],
    ["eu-*", "us-east-1", false],
    ["a.c", "abc", false],
  ] as const)
    it(`${pattern} ${expected ? "describes" : "does not describe"} ${JSON.stringify(text)}`, () => {
      assert.equal(matches(pattern, text), expected);
    });

  it("describes what a regular expression of the same meaning describes", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 8 });
    const pattern = fc.array(fc.constantFrom("a", "b", ":", "*"), { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, letters, (each, text) => {
        assert.equal(matches(each, text), new RegExp(`^${each.replaceAll("*", "[^]*")}$`).test(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a waiver", () => {
  it("covers by URN, by region and by stack", () => {
    assert.equal(covers(waiver({ urn: "*::ok" }), place), true);
    assert.equal(covers(waiver({ urn: "*::bad" }), place), false);
    assert.equal(covers(waiver({ region: "eu-*" }), place), true);
    assert.equal(covers(waiver({ region: "us-*" }), place), false);
    assert.equal(covers(waiver({ urn: "*", stack: "dev" }), place), false);
    assert.equal(covers(waiver({ urn: "*", stack: "pr*" }), place), true);
  });

  it("by region does not cover a resource whose region is not known", () => {
    assert.equal(covers(waiver({ region: "*" }), { stack: "prod", urn }), false);
  });

  it("holds through its last day, in UTC", () => {
    const last = waiver({ expires: "2027-01-31" });
    assert.equal(isExpired(last, dayOf(new Date("2027-01-31T23:59:59.999Z"))), false);
    assert.equal(isExpired(last, dayOf(new Date("2027-02-01T00:00:00Z"))), true);
  });

  it("excuses findings of its own rule only, and none once expired", () => {
    const [old, own] = [waiver({ urn: "*", expires: "2026-01-31", at: "w:1" }), waiver({ urn: "*", at: "w:2" })];
    assert.equal(waiverFor([old, own], "results-are-told", place, "2026-11-25"), own);
    assert.equal(waiverFor([old], "results-are-told", place, "2026-11-25"), undefined);
    assert.equal(waiverFor([own], "region-is-supported", place, "2026-11-25"), undefined);
  });

  it("is missed only in the stacks it is meant for", () => {
    const regions = new Set(["eu-west-1"]);
    assert.equal(concerns(waiver({ urn: "urn:pulumi:prod::*" }), "prod", regions), true);
    assert.equal(concerns(waiver({ urn: "urn:pulumi:prod::*" }), "dev", regions), false);
    assert.equal(concerns(waiver({ urn: "*::ok" }), "dev", regions), true);
    assert.equal(concerns(waiver({ region: "eu-*" }), "dev", regions), true);
    assert.equal(concerns(waiver({ region: "us-*" }), "dev", regions), false);
    assert.equal(concerns(waiver({ region: "eu-*", stack: "prod" }), "dev", regions), false);
  });
});
