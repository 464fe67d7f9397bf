import { fork } from "node:child_process";
import { join } from "node:path";
import { type Problem, UsageError } from "../contract/errors";
import type { StackVerdict } from "./judge-stack";

export interface CheckOptions {
  readonly rootDir: string;
  readonly stacks: readonly string[];
  readonly signal: AbortSignal;
  /** Told when a stack has been judged. @default - nobody is told */
  readonly onVerdict?: (verdict: StackVerdict, done: number) => void;
}

/** Two cores are the smallest machine this is made for. */
const atOnce = 2;

/**
 * Judges several stacks, each in a process of its own.
 *
 * @throws UsageError with the problems of every stack that could not be judged
 */
export async function checkStacks(options: CheckOptions): Promise<StackVerdict[]> {
  const verdicts = new Map<string, StackVerdict>();
  const problems: Problem[] = [];
  const waiting = [...options.stacks];
  const worker = async (): Promise<void> => {
    for (let stack = waiting.shift(); stack !== undefined; stack = waiting.shift()) {
      options.signal.throwIfAborted();
      try {
        const verdict = await judgeInChild(options, stack);
        verdicts.set(stack, verdict);
        options.onVerdict?.(verdict, verdicts.size);
      } catch (cause) {
        if (!(cause instanceof UsageError)) throw cause;
        problems.push(...cause.problems);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, options.stacks.length) }, worker));
  if (problems.length > 0) throw new UsageError(problems);
  return options.stacks.flatMap((stack) => verdicts.get(stack) ?? []);
}

interface Told {
  readonly verdict?: StackVerdict;
  readonly problems?: readonly Problem[];
  readonly fault?: string;
}

function judgeInChild({ rootDir, signal }: CheckOptions, stack: string): Promise<StackVerdict> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, "judge-child.ts"), [rootDir, stack], {
      execArgv: ["-r", require.resolve("ts-node/register/transpile-only")],
      env: { ...process.env, TS_NODE_PROJECT: join(__dirname, "..", "tsconfig.json") },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      signal,
    });
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    let told: Told = {};
    child.once("message", (message) => {
      told = message as Told;
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (told.verdict !== undefined) resolve(told.verdict);
      else if (told.problems !== undefined) reject(new UsageError(told.problems));
      else if (told.fault !== undefined) reject(new Error(told.fault));
      else
        reject(
          new UsageError({
            code: "ASY-401",
            at: `stack ${stack}`,
            got: `exit code ${code}: ${said.slice(0, 2000)}`,
            expected: "a verdict",
          }),
        );
    });
  });
}
