import type { ProblemTable } from "./table";

/** ASY-6nn. */
export const cliProblems = {} as const satisfies ProblemTable;
