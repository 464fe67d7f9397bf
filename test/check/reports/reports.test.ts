import assert from "node:assert/strict";
import sarifSchema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
import Draft4 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import pc from "picocolors";
import { type CheckReport, exitCodeOf } from "../../../check/finding";
import { noColors, renderReport } from "../../../check/reports/report";
import { clean, sample, withProblem } from "./sample";

const render = (format: Parameters<typeof renderReport>[0], report: CheckReport): string =>
  renderReport(format, report, "1.2.3", noColors);

describe("the exit code of a check", () => {
  it("is 0 for advice and waived findings, 1 for a violation, 2 for what could not be judged", () => {
    const advisory = { ...sample, stacks: sample.stacks.slice(0, 1) };
    assert.deepEqual([clean, advisory, sample, withProblem].map(exitCodeOf), [0, 0, 1, 2]);
  });

  it("is 0 for a mandatory finding only while a waiver accepts it", () => {
    const [dev] = sample.stacks;
    const finding = dev?.findings[1];
    assert.ok(dev !== undefined && finding?.waiver !== undefined);
    const { waiver: _, ...bare } = { ...finding, level: "mandatory" };
    const of = (findings: NonNullable<typeof dev>["findings"]) =>
      exitCodeOf({ ...sample, stacks: [{ ...dev, findings }] });
    assert.deepEqual([of([{ ...finding, level: "mandatory" }]), of([bare])], [0, 1]);
  });
});

describe("the text report", () => {
  it("tells each thing once, with its regions, its setting and its fix", () => {
    assert.equal(
      render("text", withProblem),
      `! dev  37 resources, 1 advisory, 1 waived  0.8 s
✗ prod (out/preview.json)  74 resources, 2 violations  2.0 s

container-accepts-the-declared-payload  mandatory, high; 2 regions of prod
  LIMIT is 1000 in {region}: less than the <declared> | 2000 bytes.
  resource  fleet-{region}-model
  property  primaryContainer.environment.LIMIT
  setting   async-fleet:model.environment, Pulumi.yaml:16
  fix       Raise LIMIT.
  regions   eu-west-1, us-east-1

waivers-are-used  advisory, low; dev
  policies/waivers.yaml:3: it excuses nothing.\u0007
  at        stacks/Pulumi.dev.yaml:2
  fix       Delete it.

updates-are-guarded  waived, high; eu-west-1 of dev
  LIMIT is 1000 in eu-west-1: less than the <declared> | 2000 bytes.
  resource  fleet-eu-west-1-model
  property  primaryContainer.environment.LIMIT
  setting   async-fleet:endpoint (a default, not written yet), stacks/Pulumi.dev.yaml:2
  waived    until 2027-01-31 by fleet-team: The team replaces it by hand

ASY-401  stack typo
  got       no model <today>
  expected  a program that runs to its end
  fix       Mend what the program says; nothing was judged.

2 stacks, 111 resources, 3 rules: 2 violations, 1 advisory, 1 waived  2.8 s  Not everything could be judged: see the problems.`,
    );
  });

  it("has colour only where colours are given", () => {
    assert.ok(!render("text", sample).includes("\u001b["));
    assert.ok(renderReport("text", sample, "1.2.3", pc.createColors(true)).includes("\u001b[31m"));
  });
});

describe("the JSON report", () => {
  it("holds every finding by itself, the counts, the problems with their fix and the rules", () => {
    const { version, exitCode, summary, stacks, problems, rules } = JSON.parse(render("json", withProblem));
    assert.deepEqual([version, exitCode], [1, 2]);
    assert.deepEqual(summary, { stacks: 2, resources: 111, violations: 2, advisories: 1, waived: 1, seconds: 2.75 });
    assert.deepEqual(stacks, sample.stacks);
    assert.deepEqual(rules, sample.rules);
    assert.equal(problems[0].fix, "Mend what the program says; nothing was judged.");
  });
});

describe("the Markdown report", () => {
  it("has a row for each stack and a section for each thing, and keeps signs of Markdown out of it", () => {
    const report = render("markdown", withProblem);
    assert.match(
      report,
      /^## Policy check\n\n\*\*Not judged\.\*\* 2 stacks, 3 rules, 2 violations, 1 advisory, 1 waived, 2\.8 s\.\n/,
    );
    assert.ok(report.includes("| ASY-401 | stack typo | no model \\<today\\> |"));
    assert.ok(report.includes("| ❌ | prod (out/preview.json) | 74 | 2 | 0 | 0 |"));
    assert.ok(
      report.includes(
        "LIMIT is 1000 in {region}: less than the \\<declared\\> \\| 2000 bytes. (mandatory, high; 2 regions of prod)",
      ),
    );
    assert.ok(report.includes("- Setting `async-fleet:model.environment`: `Pulumi.yaml:16`"));
    assert.ok(report.includes("- Why: A payload is refused \\*after\\* it has waited."));
    assert.ok(report.includes("- Waived until 2027-01-31 by fleet-team: The team replaces it by hand"));
    assert.equal(report.match(/^### /gm)?.length, 3);
  });

  it("says so when all is clean", () => {
    assert.match(render("markdown", clean), /^## Policy check\n\n\*\*Clean\.\*\* 2 stacks, 3 rules, no findings/);
  });
});

describe("the SARIF report", () => {
  // One pattern of the published schema is none with Unicode rules.
  const ajv = new Draft4({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const isSarif = ajv.compile(sarifSchema);

  it("is SARIF 2.1.0 by the published schema", () => {
    for (const report of [sample, withProblem, clean]) {
      assert.ok(isSarif(JSON.parse(render("sarif", report))), JSON.stringify(isSarif.errors));
    }
    const wrong = JSON.parse(render("sarif", sample));
    wrong.runs[0].results[0].level = "mandatory";
    assert.equal(isSarif(wrong), false);
  });

  it("places each finding at the setting that causes it, with what accepts it", () => {
    const [run] = JSON.parse(render("sarif", withProblem)).runs;
    const [whole, waived, first, second] = run.results;
    assert.deepEqual(first.locations[0].physicalLocation, {
      artifactLocation: { uri: "Pulumi.yaml", uriBaseId: "%SRCROOT%" },
      region: { startLine: 16, startColumn: 7 },
    });
    assert.equal(run.tool.driver.rules[first.ruleIndex].id, first.ruleId);
    assert.deepEqual([first.level, whole.level], ["error", "warning"]);
    assert.notDeepEqual(first.partialFingerprints, second.partialFingerprints);
    assert.deepEqual(waived.suppressions, [
      {
        kind: "external",
        status: "accepted",
        justification: "The team replaces it by hand (fleet-team, until 2027-01-31)",
      },
    ]);
    assert.deepEqual(
      [
        run.invocations[0].executionSuccessful,
        run.invocations[0].exitCode,
        run.invocations[0].toolExecutionNotifications[0].descriptor,
      ],
      [false, 2, { id: "ASY-401" }],
    );
  });
});

describe("the JUnit report", () => {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@" });

  it("has a suite for each stack with a test for each rule that is on, and an error for what could not be judged", () => {
    const xml = render("junit", withProblem);
    assert.equal(XMLValidator.validate(xml), true);
    const { testsuites } = parser.parse(xml);
    assert.deepEqual([testsuites["@tests"], testsuites["@failures"], testsuites["@errors"]], ["6", "1", "1"]);
    const [dev, prod, not] = testsuites.testsuite;
    assert.deepEqual(
      dev.testcase.map((each: Record<string, unknown>) => [each["@name"], "failure" in each, "skipped" in each]),
      [
        ["container-accepts-the-declared-payload", false, false],
        ["updates-are-guarded", false, true],
        ["waivers-are-used", false, false],
      ],
    );
    assert.deepEqual(
      prod.testcase.map((each: Record<string, unknown>) => [each["@name"], "failure" in each]),
      [
        ["container-accepts-the-declared-payload", true],
        ["waivers-are-used", false],
      ],
    );
    assert.match(
      prod.testcase[0].failure["#text"],
      /Pulumi\.yaml:16 urn:[\s\S]*LIMIT is 1000 in us-east-1: less than the <declared>/,
    );
    assert.equal(not.testcase.error["@type"], "ASY-401");
  });

  it("holds no control character, which XML cannot", () => assert.ok(!render("junit", sample).includes("\u0007")));
});
