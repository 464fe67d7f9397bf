import Table from "cli-table3";
import { type Problem, renderProblem } from "../../contract/errors";
import { regionInfo } from "../../contract/regions";
import { accountWide } from "../../preflight/needs";
import type { PreflightReport } from "../../preflight/preflight";
import { type CheckName, checkNames, type Verdict } from "../../preflight/verdict";
import type { Terminal } from "../terminal";

/** Every state that some look came to. */
export function statesIn(report: PreflightReport): ReadonlySet<Verdict["state"]> {
  return new Set(report.regions.flatMap(({ checks }) => Object.values(checks).map(({ state }) => state)));
}

/** The table of regions and checks, then each thing that is not ok once, with the regions it is true of. */
export function renderReport(stack: string, report: PreflightReport, terminal: Terminal): string {
  return [
    tableOf(report, terminal),
    ...problemsOf(report).map((problem) => `\n${renderProblem(problem)}`),
    ...unknownsOf(report).map((line) => `\n${line}`),
    "",
    summaryOf(stack, report),
  ].join("\n");
}

function tableOf({ regions }: PreflightReport, { colors }: Terminal): string {
  const cells: Readonly<Record<Verdict["state"], string>> = {
    ok: colors.green("ok"),
    warn: colors.yellow("warn"),
    fail: colors.red("FAIL"),
    unknown: colors.yellow("?"),
    none: colors.dim("-"),
  };
  const table = new Table({
    head: ["region", ...checkNames.map(title)],
    style: { head: [], border: [], compact: true },
  });
  for (const { region, checks } of regions) {
    const name = region === accountWide ? "(account)" : region;
    table.push([
      regionInfo(region)?.optIn ? `${name} ${colors.yellow("opt-in")}` : name,
      ...checkNames.map((check) => cells[checks[check].state]),
    ]);
  }
  return table.toString();
}

function title(check: CheckName): string {
  return check === "region" ? "enabled" : check;
}

interface Looked {
  readonly region: string;
  readonly check: CheckName;
  readonly verdict: Verdict;
}

function looksOf({ regions }: PreflightReport): Looked[] {
  return regions.flatMap(({ region, checks }) =>
    checkNames.map((check) => ({ region, check, verdict: checks[check] })),
  );
}

/** Problems of the same words in several regions become one, which names them all. */
function problemsOf(report: PreflightReport): Problem[] {
  const groups = new Map<
    string,
    { readonly check: CheckName; readonly problem: Problem; readonly regions: string[] }
  >();
  for (const { region, check, verdict } of looksOf(report)) {
    if (!("problem" in verdict)) continue;
    const { code, got, expected } = verdict.problem;
    const key = JSON.stringify([code, got, expected]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { check, problem: verdict.problem, regions: [region] });
    else group.regions.push(region);
  }
  return [...groups.values()]
    .sort((left, right) => (left.problem.code < right.problem.code ? -1 : 1))
    .map(({ check, problem, regions }) =>
      regions.length === 1 ? problem : { ...problem, at: `${title(check)} in ${regions.join(", ")}` },
    );
}

function unknownsOf(report: PreflightReport): string[] {
  const groups = new Map<string, { readonly checks: Set<CheckName>; readonly regions: Set<string> }>();
  for (const { region, check, verdict } of looksOf(report)) {
    if (verdict.state !== "unknown") continue;
    const group = groups.get(verdict.detail) ?? { checks: new Set(), regions: new Set() };
    group.checks.add(check);
    group.regions.add(region);
    groups.set(verdict.detail, group);
  }
  return [...groups].map(
    ([reason, { checks, regions }]) =>
      `?  ${[...checks].map(title).join(", ")} in ${[...regions].join(", ")}\n  not known: ${reason}`,
  );
}

function summaryOf(stack: string, report: PreflightReport): string {
  const rows = report.regions.filter(({ region }) => region !== accountWide);
  const having = (...states: Verdict["state"][]): number =>
    rows.filter(({ checks }) => Object.values(checks).some(({ state }) => states.includes(state))).length;
  const ready = rows.length - having("fail", "unknown");
  return (
    `Stack ${stack} in account ${report.accountId}, asked by ${report.caller}: ${ready} of ${rows.length} regions ready, ` +
    `${having("fail")} would fail, ${having("warn")} with a warning, ${having("unknown")} not wholly known.`
  );
}
