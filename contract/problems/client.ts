import type { ProblemTable } from "./table";

/** ASY-3nn. */
export const clientProblems = {} as const satisfies ProblemTable;
