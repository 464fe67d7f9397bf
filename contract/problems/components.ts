import type { ProblemTable } from "./table";

/** ASY-2nn. */
export const componentsProblems = {} as const satisfies ProblemTable;
