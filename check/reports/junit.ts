import { XMLBuilder } from "fast-xml-parser";
import { renderProblem } from "../../contract/errors";
import { type CheckReport, type Finding, isViolation, type RuleInfo, type StackVerdict } from "../finding";

/** A report in JUnit's XML: a suite for each stack, a test for each rule, an error for what could not be judged. */
export function junitReport(report: CheckReport): string {
  const suites = report.stacks.map((verdict) => suiteOf(verdict, report.rules));
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    format: true,
    suppressEmptyNode: true,
  });
  const all = [...suites, ...(report.problems.length === 0 ? [] : [problemSuite(report)])];
  return builder.build({
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    testsuites: {
      "@name": "async-fleet",
      "@tests": sum(all, "@tests"),
      "@failures": sum(all, "@failures"),
      "@errors": sum(all, "@errors"),
      "@time": report.seconds.toFixed(3),
      testsuite: all,
    },
  });
}

function suiteOf({ stack, file, findings, disabledRules, seconds }: StackVerdict, rules: readonly RuleInfo[]) {
  const name = file === undefined ? stack : `${stack} (${file})`;
  // What no rule is known for still has to be seen.
  const enabled = rules.map((rule) => rule.name).filter((rule) => !disabledRules.includes(rule));
  const names = [...new Set([...enabled, ...findings.map(({ policy }) => policy)])];
  const cases = names.map((rule) =>
    caseOf(
      name,
      rule,
      findings.filter(({ policy }) => policy === rule),
    ),
  );
  return {
    "@name": xmlText(name),
    "@tests": cases.length,
    "@failures": cases.filter((each) => "failure" in each).length,
    "@errors": 0,
    "@skipped": cases.filter((each) => "skipped" in each).length,
    "@time": seconds.total.toFixed(3),
    testcase: cases,
  };
}

function caseOf(suite: string, rule: string, findings: readonly Finding[]) {
  const violations = findings.filter(isViolation);
  const others = findings.filter((finding) => !isViolation(finding));
  const isWaivedOnly = violations.length === 0 && others.some(({ waiver }) => waiver !== undefined);
  return {
    "@name": xmlText(rule),
    "@classname": xmlText(suite),
    ...(violations.length === 0
      ? {}
      : {
          failure: {
            "@message": xmlText(`${violations.length} violated: ${violations[0]?.message ?? ""}`),
            "@type": violations[0]?.severity ?? "",
            "#text": xmlText(violations.map(lineOf).join("\n")),
          },
        }),
    ...(isWaivedOnly ? { skipped: { "@message": xmlText(others.map(lineOf).join("; ")) } } : {}),
    ...(others.length === 0 ? {} : { "system-out": xmlText(others.map(lineOf).join("\n")) }),
  };
}

function problemSuite({ problems }: CheckReport) {
  return {
    "@name": "not judged",
    "@tests": problems.length,
    "@failures": 0,
    "@errors": problems.length,
    "@skipped": 0,
    testcase: problems.map((problem) => ({
      "@name": xmlText(`${problem.code} ${problem.at}`),
      "@classname": "not judged",
      error: { "@message": xmlText(problem.got), "@type": problem.code, "#text": xmlText(renderProblem(problem)) },
    })),
  };
}

function lineOf({ urn, message, place, level, waiver }: Finding): string {
  const at = place === undefined ? "" : `${place.file}:${place.line} `;
  const state = waiver === undefined ? level : `waived until ${waiver.expires} by ${waiver.owner}`;
  return `${at}${urn} (${state}): ${message}`;
}

/** XML knows no control characters, not even escaped ones. */
function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}

function sum<Key extends string>(suites: ReadonlyArray<Readonly<Record<Key, number>>>, key: Key): number {
  return suites.reduce((total, suite) => total + suite[key], 0);
}
