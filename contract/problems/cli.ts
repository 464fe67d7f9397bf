import type { ProblemTable } from "./table";

/** ASY-6nn. */
export const cliProblems = {
  "ASY-601": {
    means: "A command, option or argument is not one this program knows.",
    fix: "Run the command with --help to see what it takes.",
  },
  "ASY-602": {
    means: "There is no such stack.",
    fix: "Name a stack that has a file stacks/Pulumi.<stack>.yaml.",
  },
  "ASY-603": {
    means: "A step of the rehearsal did not hold.",
    fix: "Read the step's line above: it says what was seen and what was expected.",
  },
  "ASY-604": {
    means: "The rehearsal has no example to send to this fleet.",
    fix: "Name a payload with --payload FILE and its media type with --content-type TYPE.",
  },
  "ASY-605": {
    means: "There is no such report format.",
    fix: "Name one of text, json, markdown, sarif and junit, as --format FORMAT or --format FORMAT=FILE.",
  },
  "ASY-606": {
    means: "Several reports would go to one place.",
    fix: "Give all but one a file of its own: --format FORMAT=FILE.",
  },
  "ASY-607": {
    means: "A report cannot be written.",
    fix: "Name a file in a folder that exists and that you may write to.",
  },
  "ASY-608": {
    means: "Two options contradict each other.",
    fix: "Leave one of the two out.",
  },
} as const satisfies ProblemTable;
