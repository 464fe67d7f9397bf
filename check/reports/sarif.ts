import { createHash } from "node:crypto";
import { renderProblem } from "../../contract/errors";
import { type CheckReport, exitCodeOf, type Finding, type RuleInfo } from "../finding";

/** Where code scanning draws its lines: critical from 9, high from 7, medium from 4. */
const scores: Readonly<Record<string, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0" };

/**
 * A report for code scanning, in SARIF 2.1.0: every finding by itself, at the line of the setting that causes it. A
 * waived one carries its waiver as a suppression.
 *
 * @param toolVersion this program's version
 */
export function sarifReport(report: CheckReport, toolVersion: string): string {
  const indexes = new Map(report.rules.map(({ name }, index) => [name, index]));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "async-fleet", semanticVersion: toolVersion, rules: report.rules.map(ruleOf) } },
        invocations: [
          {
            executionSuccessful: report.problems.length === 0,
            exitCode: exitCodeOf(report),
            toolExecutionNotifications: report.problems.map((problem) => ({
              level: "error",
              descriptor: { id: problem.code },
              message: { text: renderProblem(problem) },
            })),
          },
        ],
        originalUriBaseIds: { "%SRCROOT%": { description: { text: "The folder of Pulumi.yaml." } } },
        results: report.stacks.flatMap(({ findings }) => findings.map((finding) => resultOf(finding, indexes))),
        columnKind: "utf16CodeUnits",
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function ruleOf(rule: RuleInfo) {
  const why = rule.why === undefined ? [] : [rule.why];
  return {
    id: rule.name,
    shortDescription: { text: rule.displayName || rule.name },
    fullDescription: { text: rule.description || rule.name },
    help: { text: [rule.description, ...why, rule.fix].filter((part) => part !== "").join("\n\n") || rule.name },
    defaultConfiguration: { level: rule.level === "mandatory" ? "error" : "warning" },
    properties: {
      ...(scores[rule.severity] === undefined ? {} : { "security-severity": scores[rule.severity] }),
      tags: [...new Set([...(rule.group === "" ? [] : [rule.group]), ...(rule.controls ?? [])])],
    },
  };
}

function resultOf(finding: Finding, indexes: ReadonlyMap<string, number>) {
  const { policy, stack, region, urn, message, place, setting, waiver } = finding;
  const index = indexes.get(policy);
  const where = setting === undefined ? "" : ` Setting ${setting.key}${setting.isWritten ? "" : " (not written yet)"}.`;
  return {
    ruleId: policy,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: finding.level === "mandatory" ? "error" : "warning",
    message: { text: `${region ?? stack}: ${message}${where}` },
    locations: [
      {
        ...(place === undefined
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(place.file), uriBaseId: "%SRCROOT%" },
                region: { startLine: place.line, startColumn: place.column },
              },
            }),
        logicalLocations: [{ fullyQualifiedName: urn, name: urn.split("::").at(-1) ?? urn, kind: "resource" }],
      },
    ],
    // The same finding stays the same alert when lines above it move.
    partialFingerprints: {
      "asyncFleet/v1": createHash("sha256")
        .update(JSON.stringify([policy, urn, message]))
        .digest("hex"),
    },
    ...(waiver === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: "external",
              status: "accepted",
              justification: `${waiver.reason} (${waiver.owner}, until ${waiver.expires})`,
            },
          ],
        }),
    properties: {
      stack,
      ...(region === undefined ? {} : { region }),
      ...(finding.property === undefined ? {} : { property: finding.property }),
      ...(setting === undefined ? {} : { setting: setting.key }),
      severity: finding.severity,
    },
  };
}
