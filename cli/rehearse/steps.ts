import { UsageError } from "../../contract/errors";
import type { Terminal } from "../terminal";

/** What one step of the rehearsal showed. */
export interface StepResult {
  readonly title: string;
  readonly held: boolean;
  /** What was seen, in a sentence. */
  readonly detail: string;
  /** Wall time. */
  readonly seconds: number;
}

/** Thrown by a step whose promise did not hold; its message says what was seen and what was expected. */
export class StepFailed extends Error {}

/** Throws StepFailed unless `held`. */
export function expectThat(held: boolean, otherwise: string): asserts held {
  if (!held) throw new StepFailed(otherwise);
}

/** Runs the steps of a rehearsal in order, tells of each as it ends and keeps the results for the report. */
export class Steps {
  readonly results: StepResult[] = [];

  constructor(
    private readonly terminal: Terminal,
    private readonly nowMs: () => number,
  ) {}

  /** True while every step so far held. */
  get held(): boolean {
    return this.results.every((result) => result.held);
  }

  /**
   * Runs `work`; what it returns is shown as the step's detail.
   *
   * @throws StepFailed (told and recorded already) when the step did not hold; anything else as it is
   */
  async run<Value>(title: string, work: () => Promise<{ detail: string; value: Value }>): Promise<Value> {
    const startedMs = this.nowMs();
    const since = (): number => Math.round((this.nowMs() - startedMs) / 10) / 100;
    this.terminal.progress(`… ${title}`);
    const { colors } = this.terminal;
    try {
      const { detail, value } = await work();
      this.results.push({ title, held: true, detail, seconds: since() });
      this.terminal.log(`${colors.green("✓")} ${title}  ${colors.dim(`${since().toFixed(1)} s`)}\n    ${detail}`);
      return value;
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      this.results.push({ title, held: false, detail, seconds: since() });
      // What the caller can mend is told once, by whoever runs the command.
      const shown = cause instanceof UsageError ? "" : `\n    ${detail}`;
      this.terminal.log(`${colors.red("✗")} ${title}  ${colors.dim(`${since().toFixed(1)} s`)}${shown}`);
      throw cause;
    }
  }
}
