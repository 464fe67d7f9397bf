/** The process that judges one stack: `judge-child <rootDir> <stack>` tells a verdict or problems to its parent. */
import { UsageError } from "../contract/errors";
import { program } from "../stacks/program";
import { judgeStack } from "./judge-stack";

const [, , rootDir = "", stack = ""] = process.argv;

judgeStack({ rootDir, stack, program: () => program({ rootDir }) }).then(
  (verdict) => tell({ verdict }),
  (cause: unknown) =>
    tell(
      cause instanceof UsageError ? { problems: cause.problems } : { fault: String((cause as Error).stack ?? cause) },
    ),
);

// Told to end, or left by its parent: end as a program ends, so that the pack's process is ended too.
process.once("SIGTERM", () => process.exit(143));
process.once("disconnect", () => process.exit(143));

function tell(message: object): void {
  process.send?.(message, () => process.exit(0));
}
