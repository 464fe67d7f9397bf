import type { ProblemTable } from "./table";

/** ASY-4nn. */
export const checkProblems = {} as const satisfies ProblemTable;
