import assert from "node:assert/strict";
import fc from "fast-check";
import { describeExpired, describeUnused, formatWaived, parseWaived } from "../../../policies/waivers/describe";

const waived = {
  rule: "results-are-told",
  owner: "team-ml",
  reason: 'The caller "polls" by inference id.',
  expires: "2027-01-31",
  message: "outputConfig.notificationConfig.errorTopic is missing.",
};

describe("a waived finding", () => {
  it("is told with its rule, its end, its owner and its reason", () => {
    assert.equal(
      formatWaived(waived),
      'Waived: results-are-told until 2027-01-31 by "team-ml" because "The caller \\"polls\\" by inference id.". Found: outputConfig.notificationConfig.errorTopic is missing.',
    );
  });

  it("is read back as it was, whatever its owner, reason and message say", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom('"', "\\", ".", " ", "\n", "Found: ", "because ", "x") }),
    );
    fc.assert(
      fc.property(text, text, text, (owner, reason, message) => {
        const finding = { ...waived, owner, reason, message };
        assert.deepEqual(parseWaived(formatWaived(finding)), finding);
      }),
      { numRuns: 2000 },
    );
  });

  it("is not read out of another finding's words", () => {
    assert.equal(parseWaived("region is missing."), undefined);
    assert.equal(parseWaived("Waived: by hand"), undefined);
    assert.equal(parseWaived(`It says: ${formatWaived(waived)}`), undefined);
    assert.equal(parseWaived(formatWaived(waived).replace('\\"polls', "\\x")), undefined);
  });
});

describe("what is said of a waiver", () => {
  const waiver = { ...waived, region: "eu-*", stack: "prod", at: "policies/waivers.yaml:2" };

  it("that expired names its line, its scope and who acts", () => {
    assert.equal(
      describeExpired(waiver),
      "policies/waivers.yaml:2: the waiver of results-are-told for region eu-*, stack prod expired on 2027-01-31. team-ml renews it with a new reason, or deletes it and mends the finding.",
    );
  });

  it("that excuses nothing names its line and its scope", () => {
    assert.equal(
      describeUnused({ ...waiver, urn: "*::ok" }),
      "policies/waivers.yaml:2: the waiver of results-are-told for *::ok, region eu-*, stack prod excuses nothing here. Delete it, or correct its pattern.",
    );
  });
});
