import type { ProblemTable } from "./table";

/** ASY-7nn. */
export const engineProblems = {} as const satisfies ProblemTable;
