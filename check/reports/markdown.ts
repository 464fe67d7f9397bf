import { withFix } from "../../contract/errors";
import { type CheckReport, exitCodeOf } from "../finding";
import { countsInWords, countsOf, type FoldedFinding, fold, regionsOf, settingPlacesOf, whereOf } from "./fold";

/** A report for a pull request: a table of stacks, and each thing found once. */
export function markdownReport(report: CheckReport): string {
  const findings = report.stacks.flatMap((each) => each.findings);
  const verdict = ["Clean", "Violated", "Not judged"][exitCodeOf(report)] ?? "";
  const parts = [
    "## Policy check",
    `**${verdict}.** ${report.stacks.length} stacks, ${report.rules.length} rules, ${countsInWords(countsOf(findings))}, ${report.seconds.toFixed(1)} s.`,
    ...(report.problems.length === 0 ? [] : [problems(report)]),
    ...(report.stacks.length === 0 ? [] : [stacks(report)]),
    ...fold(report).map((folded) => finding(folded, report)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function problems(report: CheckReport): string {
  const rows = report.problems
    .map(withFix)
    .map(({ code, at, got, expected, fix }) => `| ${[code, at, got, expected, fix].map(cell).join(" | ")} |`);
  return ["| problem | where | got | expected | fix |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function stacks(report: CheckReport): string {
  const rows = report.stacks.map(({ stack, file, resources, findings }) => {
    const { violations, advisories, waived } = countsOf(findings);
    const sign = violations > 0 ? "❌" : advisories > 0 ? "⚠️" : "✅";
    const name = file === undefined ? stack : `${stack} (${file})`;
    return `| ${sign} | ${cell(name)} | ${resources} | ${violations} | ${advisories} | ${waived} |`;
  });
  const head = "| | stack | resources | violations | advisories | waived |\n| --- | --- | ---: | ---: | ---: | ---: |";
  return [head, ...rows].join("\n");
}

function finding(folded: FoldedFinding, report: CheckReport): string {
  const { first, resource, message, all } = folded;
  const rule = report.rules.find(({ name }) => name === first.policy);
  const { waiver, setting } = first;
  const sign = waiver !== undefined ? "⚪" : first.level === "mandatory" ? "❌" : "⚠️";
  const places = settingPlacesOf(folded).map(code).join(", ");
  const regions = regionsOf(all);
  const lines = [
    ...(resource === ""
      ? []
      : [`Resource ${code(resource)}${first.property === undefined ? "" : `, ${code(first.property)}`}`]),
    ...(setting !== undefined
      ? [`Setting ${code(setting.key)}${setting.isWritten ? "" : ", a default that is not written yet"}: ${places}`]
      : places === ""
        ? []
        : [`At ${places}`]),
    ...(rule?.why === undefined ? [] : [`Why: ${text(rule.why)}`]),
    ...(waiver === undefined
      ? first.fix === ""
        ? []
        : [`Fix: ${text(first.fix)}`]
      : [`Waived until ${waiver.expires} by ${text(waiver.owner)}: ${text(waiver.reason)}`]),
    ...(regions.length > 1 ? [`Regions: ${regions.join(", ")}`] : []),
  ];
  const severity = first.severity === "" ? "" : `, ${first.severity}`;
  const level = waiver === undefined ? first.level : "waived";
  return [
    `### ${sign} ${first.policy}`,
    `${text(message)} (${level}${severity}; ${text(whereOf(folded))})`,
    lines.map((line) => `- ${line}`).join("\n"),
  ].join("\n\n");
}

/** Text as it stands, whatever Markdown would make of its signs. */
function text(plain: string): string {
  return plain.replace(/[\\`*_[\]<>#|~]/g, "\\$&").replaceAll("\n", " ");
}

function cell(plain: string): string {
  return text(plain.replace(/\s+/g, " "));
}

function code(plain: string): string {
  return `\`${plain.replaceAll("`", "'")}\``;
}
