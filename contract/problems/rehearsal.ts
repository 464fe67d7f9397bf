import type { ProblemTable } from "./table";

/** ASY-5nn. */
export const rehearsalProblems = {} as const satisfies ProblemTable;
