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

function tell(message: object): void {
  process.send?.(message, () => process.exit(0));
}
