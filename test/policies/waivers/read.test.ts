import assert from "node:assert/strict";
import { type Problem, UsageError } from "../../../contract/errors";
import { readWaivers } from "../../../policies/waivers/read";

const rules = ["results-are-told", "region-is-supported"];
const good = `waivers:
  - rule: results-are-told
    urn: "urn:pulumi:prod::*::fleet-eu-west-1-config"
    reason: The caller polls by inference id, and the topic arrives with the next release.
    owner: team-ml
    expires: 2027-01-31
`;

function problemsOf(text: string): readonly Problem[] {
  try {
    readWaivers(text, "waivers.yaml", rules);
  } catch (cause) {
    if (cause instanceof UsageError) return cause.problems;
    throw cause;
  }
  return [];
}

/** The good file with one line replaced, or taken out by an empty text. */
function withLine(line: number, text: string): string {
  return good
    .split("\n")
    .flatMap((each, index) => (index + 1 !== line ? [each] : text === "" ? [] : [text]))
    .join("\n");
}

describe("a file of waivers", () => {
  it("is read with the line of each waiver", () => {
    assert.deepEqual(readWaivers(good, "policies/waivers.yaml", rules), [
      {
        rule: "results-are-told",
        urn: "urn:pulumi:prod::*::fleet-eu-west-1-config",
        reason: "The caller polls by inference id, and the topic arrives with the next release.",
        owner: "team-ml",
        expires: "2027-01-31",
        at: "policies/waivers.yaml:2",
      },
    ]);
  });

  for (const text of ["", "# nothing yet\n", "waivers:\n", "waivers: []\n"])
    it(`has no waivers when it says ${JSON.stringify(text)}`, () => {
      assert.deepEqual(readWaivers(text, "waivers.yaml", rules), []);
    });

  for (const [what, text, expected] of [
    ["is no YAML", "waivers: [\n", "ASY-408 waivers.yaml:2"],
    ["is a list", "- rule: results-are-told\n", "ASY-408 waivers.yaml:1"],
    ["has another key", `${good}waiver: []\n`, "ASY-408 waivers.yaml:7"],
    ["holds text where a waiver belongs", "waivers:\n  - results-are-told\n", "ASY-408 waivers.yaml:2"],
    ["has a waiver of an unknown rule", withLine(2, "  - rule: results-are-tolt"), "ASY-409 waivers.yaml:2"],
    ["has a waiver without a rule", withLine(2, "  - stack: prod"), "ASY-409 waivers.yaml:2"],
    ["has a waiver that covers nothing", withLine(3, ""), "ASY-410 waivers.yaml:2"],
    ["has a waiver by urn and region", withLine(3, "    urn: a\n    region: eu-west-1"), "ASY-410 waivers.yaml:2"],
    ["has a waiver with an empty pattern", withLine(3, "    region:"), "ASY-410 waivers.yaml:3"],
    ["has a waiver with an unknown key", withLine(3, "    urm: a\n    region: '*'"), "ASY-408 waivers.yaml:3"],
    ["has a waiver without a reason", withLine(4, ""), "ASY-411 waivers.yaml:2"],
    ["has a waiver with a poor reason", withLine(4, "    reason: todo"), "ASY-411 waivers.yaml:4"],
    ["has a waiver without an owner", withLine(5, ""), "ASY-412 waivers.yaml:2"],
    ["has a waiver with an empty owner", withLine(5, "    owner: ''"), "ASY-412 waivers.yaml:5"],
    ["has a waiver without an end", withLine(6, ""), "ASY-413 waivers.yaml:2"],
    ["has a waiver until no day", withLine(6, "    expires: 2027-02-30"), "ASY-413 waivers.yaml:6"],
    ["has a waiver until some words", withLine(6, "    expires: next year"), "ASY-413 waivers.yaml:6"],
    ["has a waiver until a moment", withLine(6, "    expires: 2027-02-03T00:00:00Z"), "ASY-413 waivers.yaml:6"],
  ] as const)
    it(`is refused, with the line, when it ${what}`, () => {
      assert.deepEqual(
        problemsOf(text).map(({ code, at }) => `${code} ${at}`),
        [expected],
      );
    });

  it("tells all its problems at once, and what was meant", () => {
    const text = `${good}  - rule: region-is-suported\n    owner:\n    reason: TODO\n    expires: 31.1.2027\n`;
    const problems = problemsOf(text);
    assert.deepEqual(
      problems.map(({ code, at }) => `${code} ${at}`),
      [
        "ASY-409 waivers.yaml:7",
        "ASY-410 waivers.yaml:7",
        "ASY-411 waivers.yaml:9",
        "ASY-412 waivers.yaml:8",
        "ASY-413 waivers.yaml:10",
      ],
    );
    assert.equal(problems[0]?.fix, "Did you mean region-is-supported?");
  });
});
