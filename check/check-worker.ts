import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Problem } from "../contract/errors";
import type { RuleInfo, StackVerdict } from "./finding";
import type { FromWorker, Job, WorkerOptions } from "./worker-protocol";

export interface CheckWorkerOptions {
  readonly options: WorkerOptions;
  readonly signal: AbortSignal;
  /** The next job, taken off the list; undefined when there is none. */
  next(): Job | undefined;
  /** Puts jobs back that were not judged. */
  giveBack(jobs: readonly Job[]): void;
  onRules(rules: readonly RuleInfo[]): void;
  /** Nothing can be judged at all. */
  onBroken(problems: readonly Problem[]): void;
  onJudged(job: Job, verdict: StackVerdict | undefined, problems: readonly Problem[]): void;
}

/** One is recorded while another is judged. */
const jobsAtOnce = 2;
/** A program that waits is given up in its own process; this is for one that computes for ever. */
const graceSeconds = 2;

/** One worker process from its start to its end. */
export class CheckWorker {
  private readonly child: ChildProcess;
  private readonly outstanding = new Map<number, Job>();
  private recording: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private packPid: number | undefined;
  private isHung = false;
  private isSpent = false;
  private said = "";
  private fault: string | undefined;

  /**
   * Gives a worker jobs until none is left or it can take no more, and waits for its end.
   *
   * @throws Error for a fault of ours, or the signal's reason
   */
  static run(options: CheckWorkerOptions): Promise<void> {
    return new CheckWorker(options).end;
  }

  private readonly end: Promise<void>;

  private constructor(private readonly given: CheckWorkerOptions) {
    this.child = fork(join(__dirname, "worker.ts"), [JSON.stringify(given.options)], {
      // Small young generations: a program leaves much behind at once, and two processes are counted together.
      execArgv: ["--max-semi-space-size=4", "-r", join(__dirname, "../bin/typescript.js")],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // A verdict of thirty-one regions is some megabytes, which this copies several times faster than JSON does.
      serialization: "advanced",
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.said = (this.said + chunk.toString()).slice(-2000);
    });
    this.child.on("message", (message) => this.hear(message as FromWorker));
    const abort = (): void => void this.child.kill();
    given.signal.addEventListener("abort", abort, { once: true });
    this.end = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("exit", (code, signal) => {
        clearTimeout(this.timer);
        given.signal.removeEventListener("abort", abort);
        if (given.signal.aborted) return reject(given.signal.reason as Error);
        if (this.fault !== undefined) return reject(new Error(this.fault));
        this.accountForTheRest(code, signal);
        resolve();
      });
    });
    for (let count = 0; count < jobsAtOnce; count++) this.give();
  }

  private give(): void {
    const job = this.isSpent ? undefined : this.given.next();
    if (job !== undefined) {
      this.outstanding.set(job.id, job);
      this.child.send(job);
    } else if (this.outstanding.size === 0 && this.child.connected) this.child.disconnect();
  }

  private hear(message: FromWorker): void {
    if (message.kind === "started") this.packPid = message.packPid;
    else if (message.kind === "rules") this.given.onRules(message.rules);
    else if (message.kind === "recording") this.watch(message.id);
    else if (message.kind === "recorded") this.unwatch();
    else if (message.kind === "judged") {
      const job = this.outstanding.get(message.id);
      this.outstanding.delete(message.id);
      this.isSpent ||= message.isSpent;
      if (job !== undefined) this.given.onJudged(job, message.verdict, message.problems);
      this.give();
    } else if (message.kind === "returned") {
      const job = this.outstanding.get(message.id);
      this.outstanding.delete(message.id);
      if (job !== undefined) this.given.giveBack([job]);
      this.isSpent = true;
      this.give();
    } else if (message.kind === "broken") {
      this.given.onBroken(message.problems);
      this.outstanding.clear();
      this.child.kill();
    } else {
      this.fault = message.text;
      this.child.kill();
    }
  }

  private watch(id: number): void {
    this.recording = id;
    this.timer = setTimeout(
      () => {
        this.isHung = true;
        // It computes and hears no signal that asks; nor can it end its pack.
        this.child.kill("SIGKILL");
        if (this.packPid !== undefined) process.kill(this.packPid, "SIGKILL");
      },
      (this.given.options.timeoutSeconds + graceSeconds) * 1000,
    );
  }

  private unwatch(): void {
    this.recording = undefined;
    clearTimeout(this.timer);
  }

  /** The process is gone: the stack that was being recorded ended it, and the others are for another worker. */
  private accountForTheRest(code: number | null, signal: NodeJS.Signals | null): void {
    const [first] = this.outstanding.values();
    const guilty = this.recording === undefined ? first : this.outstanding.get(this.recording);
    if (guilty === undefined) return;
    this.outstanding.delete(guilty.id);
    this.given.onJudged(guilty, undefined, [this.problemOf(guilty, signal ?? `exit code ${code}`)]);
    this.given.giveBack([...this.outstanding.values()]);
  }

  private problemOf(job: Job, ended: string): Problem {
    const at = job.stack === undefined ? (job.file ?? "") : `stack ${job.stack}`;
    if (this.isHung) {
      const got = `still computing after ${this.given.options.timeoutSeconds} seconds`;
      return { code: "ASY-402", at, got, expected: "a program that ends" };
    }
    const got = [`its process ended with ${ended}`, ...this.said.trim().split("\n")].join("\n            ").trim();
    return { code: "ASY-401", at, got, expected: "a program that runs to its end" };
  }
}
