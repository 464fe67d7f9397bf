import { withFix } from "../../contract/errors";
import { type CheckReport, exitCodeOf } from "../finding";
import { countsOf } from "./fold";

/** A report for programs: every finding by itself. `version` is raised when a member changes its meaning or goes. */
export function jsonReport(report: CheckReport): string {
  const document = {
    version: 1,
    exitCode: exitCodeOf(report),
    summary: {
      stacks: report.stacks.length,
      resources: report.stacks.reduce((sum, { resources }) => sum + resources, 0),
      ...countsOf(report.stacks.flatMap(({ findings }) => findings)),
      seconds: report.seconds,
    },
    stacks: report.stacks,
    problems: report.problems.map(withFix),
    rules: report.rules,
  };
  return JSON.stringify(document, null, 2);
}
