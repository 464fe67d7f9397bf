import { availableParallelism } from "node:os";
import type { Problem } from "../contract/errors";
import { CheckWorker } from "./check-worker";
import type { CheckReport, RuleInfo, StackVerdict } from "./finding";
import type { Job, WorkerOptions } from "./worker-protocol";

export interface CheckOptions extends Omit<WorkerOptions, "timeoutSeconds" | "isForOne"> {
  /** Stacks whose programs are recorded and judged. */
  readonly stacks: readonly string[];
  /** Previews and states that are judged as they stand. @default - none */
  readonly files?: readonly string[];
  /** How long a program may run, and how long the pack may judge one stack. @default 60 */
  readonly timeoutSeconds?: number;
  readonly signal: AbortSignal;
  /** Told when a stack has been judged. @default - nobody is told */
  readonly onVerdict?: (verdict: StackVerdict, done: number) => void;
  /** Processes that record, each with a pack of its own. @default - one for two processors and eight stacks */
  readonly workers?: number;
}

/** A worker is started again after a program that broke it; whatever it had not begun is given to the next. */
export async function checkStacks(options: CheckOptions): Promise<CheckReport> {
  const check = new Check(options);
  return check.run();
}

class Check {
  private readonly began = performance.now();
  private readonly jobs: readonly Job[];
  private readonly waiting: Job[];
  private readonly verdicts = new Map<number, StackVerdict>();
  private readonly problems = new Map<number, readonly Problem[]>();
  private rules: readonly RuleInfo[] = [];
  private broken: readonly Problem[] | undefined;

  constructor(private readonly options: CheckOptions) {
    this.jobs = [...options.stacks.map((stack) => ({ stack })), ...(options.files ?? []).map((file) => ({ file }))].map(
      (job, id) => ({ ...job, id }),
    );
    this.waiting = [...this.jobs];
  }

  async run(): Promise<CheckReport> {
    const atOnce = this.options.workers ?? workersFor(this.jobs.length, availableParallelism());
    // One that fails ends the others: nobody would read what they find.
    const done = new AbortController();
    const signal = AbortSignal.any([this.options.signal, done.signal]);
    const workers = Array.from({ length: Math.min(atOnce, this.jobs.length) }, () => this.work(signal));
    try {
      await Promise.all(workers);
    } catch (cause) {
      done.abort(cause);
      await Promise.allSettled(workers);
      throw cause;
    }
    this.options.signal.throwIfAborted();
    return {
      stacks: this.jobs.flatMap(({ id }) => this.verdicts.get(id) ?? []),
      rules: this.rules,
      problems: this.broken ?? once(this.jobs.flatMap(({ id }) => this.problems.get(id) ?? [])),
      seconds: (performance.now() - this.began) / 1000,
    };
  }

  /** Workers one after the other, until nothing waits. */
  private async work(signal: AbortSignal): Promise<void> {
    while (this.waiting.length > 0 && this.broken === undefined) {
      signal.throwIfAborted();
      await CheckWorker.run({
        options: {
          rootDir: this.options.rootDir,
          timeoutSeconds: this.options.timeoutSeconds ?? 60,
          isForOne: this.jobs.length === 1,
          ...(this.options.programModule === undefined ? {} : { programModule: this.options.programModule }),
          ...(this.options.policyConfig === undefined ? {} : { policyConfig: this.options.policyConfig }),
          ...(this.options.waivers === undefined ? {} : { waivers: this.options.waivers }),
        },
        signal,
        next: () => (this.broken === undefined ? this.waiting.shift() : undefined),
        giveBack: (jobs) => void this.waiting.unshift(...jobs),
        onRules: (rules) => {
          this.rules = rules;
        },
        onBroken: (problems) => {
          this.broken = problems;
        },
        onJudged: (job, verdict, problems) => {
          this.problems.set(job.id, problems);
          if (verdict === undefined) return;
          this.verdicts.set(job.id, verdict);
          this.options.onVerdict?.(verdict, this.verdicts.size);
        },
      });
    }
  }
}

/** A file that every stack shares is wrong once, not once for each. */
function once(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Each worker is two processes, one recording and one judging, and costs a second to start. */
export function workersFor(stacks: number, processors: number): number {
  return Math.max(1, Math.min(Math.floor(processors / 2), Math.ceil(stacks / 8)));
}
