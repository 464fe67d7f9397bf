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
  "ASY-420": {
    means: "A rule of the policy pack failed while it judged.",
    fix: "Mend the rule: what it would have said is not known.",
  },
  "ASY-421": {
    means: "The policy pack did not answer in time.",
    fix: "Look for a rule that does not end, or allow more with --timeout.",
  },
  "ASY-422": {
    means: "A stack's program registers two resources of one type under one name.",
    fix: "Give one of the two another name; an engine would refuse the second.",
  },
  "ASY-423": {
    means: "A file to judge cannot be read.",
    fix: "Give the path of a file that exists and that you may read.",
  },
  "ASY-424": {
    means: "A file to judge is neither a preview nor a stack's state.",
    fix: "Write it with `pulumi preview --json > FILE` or `pulumi stack export > FILE`.",
  },
  "ASY-425": {
    means: "What changed since a git revision cannot be told.",
    fix: "Name a revision that `git rev-parse` knows; a shallow clone needs `git fetch` of it first.",
  },
  "ASY-426": {
    means: "A file with a policy configuration cannot be read.",
    fix: "Give the path of a file that exists and that you may read.",
  },
} as const satisfies ProblemTable;
