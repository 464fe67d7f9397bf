import { checkProblems } from "./problems/check";
import { cliProblems } from "./problems/cli";
import { clientProblems } from "./problems/client";
import { componentsProblems } from "./problems/components";
import { engineProblems } from "./problems/engine";
import { policiesProblems } from "./problems/policies";
import { rehearsalProblems } from "./problems/rehearsal";
import { settingsProblems } from "./problems/settings";
import type { ProblemKind } from "./problems/table";

/** Every problem a reader can meet, by its permanent code; hundreds by folder. */
export const problems = {
  ...settingsProblems,
  ...componentsProblems,
  ...clientProblems,
  ...checkProblems,
  ...policiesProblems,
  ...rehearsalProblems,
  ...cliProblems,
  ...engineProblems,
} as const;

export type ProblemCode = keyof typeof problems;

/** One thing that is wrong, in words of the reader's own files and flags. */
export interface Problem {
  readonly code: ProblemCode;
  /** Where: the key, flag or file the reader can edit. */
  readonly at: string;
  /** What stands there now. */
  readonly got: string;
  /** What would be right. */
  readonly expected: string;
  /** @default - the table's fix for the code */
  readonly fix?: string;
}

/**
 * Something the reader can mend: shown without a stack trace, all problems at once. Anything else that is thrown is
 * our fault and keeps its trace.
 */
export class UsageError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[]) {
    const list = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map(renderProblem).join("\n\n"));
    this.name = "UsageError";
    this.problems = list;
  }
}

/** A problem with its fix written out. */
export function withFix(problem: Problem): Required<Problem> {
  return { ...problem, fix: problem.fix ?? (problems[problem.code] as ProblemKind).fix };
}

/** A problem as a person reads it: code and place, then what it got, what was expected and the fix. */
export function renderProblem(problem: Problem): string {
  return [
    `${problem.code}  ${problem.at}`,
    `  got       ${problem.got}`,
    `  expected  ${problem.expected}`,
    `  fix       ${withFix(problem).fix}`,
  ].join("\n");
}
