import type { ProblemTable } from "./table";

/** ASY-1nn. */
export const settingsProblems = {} as const satisfies ProblemTable;
