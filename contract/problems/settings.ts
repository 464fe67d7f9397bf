import type { ProblemTable } from "./table";

/** ASY-1nn. */
export const settingsProblems = {
  "ASY-101": {
    means: "A setting is missing.",
    fix: "Add it to the stack's file under config, e.g. stacks/Pulumi.dev.yaml.",
  },
  "ASY-102": {
    means: "A setting has a value that cannot be taken.",
    fix: "Change the value, or delete the line to take the default.",
  },
  "ASY-103": {
    means: "There is no such setting.",
    fix: "Correct the name, or delete the line.",
  },
  "ASY-104": {
    means: "A region is not a commercial region with SageMaker.",
    fix: "Name a region that `npx fleet regions` lists.",
  },
  "ASY-105": {
    means: "A region that is excluded by default is asked for without a reason.",
    fix: "Write it as regions: { base: supported, with: [{ region: CODE, reason: why it works for you }] }.",
  },
  "ASY-106": {
    means: "Two settings contradict each other.",
    fix: "Change one of the two.",
  },
  "ASY-107": {
    means: "The fleet would be in no region at all.",
    fix: "Name at least one region.",
  },
} as const satisfies ProblemTable;
