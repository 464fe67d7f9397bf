import type { ProblemTable } from "./table";

/** ASY-4nn. */
export const checkProblems = {
  "ASY-401": {
    means: "A stack's program failed before it could be judged.",
    fix: "Mend what the program says; nothing was judged.",
  },
  "ASY-402": {
    means: "A stack's program did not end.",
    fix: "Look for what it waits for; nothing was judged.",
  },
  "ASY-403": {
    means: "A stack's program registered nothing.",
    fix: "Check the stack's settings: judging nothing would look like compliance.",
  },
  "ASY-404": {
    means: "The policy pack did not start or broke off.",
    fix: "Read the pack's own lines; nothing after them was judged.",
  },
} as const satisfies ProblemTable;
