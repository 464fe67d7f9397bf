import { renderProblem } from "../../contract/errors";
import type { CheckReport, StackVerdict } from "../finding";
import { countsInWords, countsOf, type FoldedFinding, fold, regionsOf, settingPlacesOf, whereOf } from "./fold";

type Paint = (text: string) => string;

/** The colours a report uses; all of them leave a text alone where there is no colour. */
export interface Colors {
  readonly red: Paint;
  readonly yellow: Paint;
  readonly green: Paint;
  readonly dim: Paint;
  readonly bold: Paint;
}

/** A report for people: a line for each stack, then what was found, each thing once. */
export function textReport(report: CheckReport, colors: Colors): string {
  const findings = report.stacks.flatMap((each) => each.findings);
  const resources = report.stacks.reduce((sum, each) => sum + each.resources, 0);
  const summary = [
    `${report.stacks.length} ${report.stacks.length === 1 ? "stack" : "stacks"}`,
    `${resources} resources`,
    `${report.rules.length} rules: ${countsInWords(countsOf(findings))}`,
  ].join(", ");
  const notJudged =
    report.problems.length === 0 ? "" : colors.red(`  Not everything could be judged: see the problems.`);
  return [
    ...report.stacks.map((verdict) => stackLine(verdict, colors)),
    ...fold(report).map((folded) => `\n${findingText(folded, colors)}`),
    ...(report.problems.length === 0 ? [] : [`\n${report.problems.map(renderProblem).join("\n\n")}`]),
    `\n${summary}  ${colors.dim(`${report.seconds.toFixed(1)} s`)}${notJudged}`,
  ].join("\n");
}

function stackLine({ stack, file, resources, findings, seconds }: StackVerdict, colors: Colors): string {
  const counts = countsOf(findings);
  const sign = counts.violations > 0 ? colors.red("✗") : counts.advisories > 0 ? colors.yellow("!") : colors.green("✓");
  const time = colors.dim(`${seconds.total.toFixed(1)} s`);
  const source = file === undefined ? "" : ` (${file})`;
  return `${sign} ${stack}${source}  ${resources} resources, ${countsInWords(counts)}  ${time}`;
}

function findingText(folded: FoldedFinding, colors: Colors): string {
  const { first, resource, message, all } = folded;
  const regions = regionsOf(all);
  const places = settingPlacesOf(folded);
  const { setting, waiver } = first;
  const severity = first.severity === "" ? "" : `, ${first.severity}`;
  const paint = waiver !== undefined ? colors.dim : first.level === "mandatory" ? colors.red : colors.yellow;
  const level = waiver === undefined ? `${first.level}${severity}` : `waived${severity}`;
  const from =
    setting === undefined
      ? undefined
      : `${setting.key}${setting.isWritten ? "" : " (a default, not written yet)"}, ${places.join(", ")}`;
  const rows: ReadonlyArray<readonly [string, string | undefined]> = [
    ["resource", resource === "" ? undefined : resource],
    ["property", first.property],
    ["setting", from],
    ["at", from === undefined && places.length > 0 ? places.join(", ") : undefined],
    ["fix", waiver === undefined && first.fix !== "" ? first.fix : undefined],
    ["waived", waiver === undefined ? undefined : `until ${waiver.expires} by ${waiver.owner}: ${waiver.reason}`],
    ["regions", regions.length > 1 ? regions.join(", ") : undefined],
  ];
  return [
    `${paint(colors.bold(first.policy))}  ${colors.dim(`${level}; ${whereOf(folded)}`)}`,
    `  ${message}`,
    ...rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${colors.dim(name.padEnd(9))} ${value}`])),
  ].join("\n");
}
