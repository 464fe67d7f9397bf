import { setTimeout as sleep } from "node:timers/promises";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import type { Message } from "@aws-sdk/client-sqs";
import { readStart } from "./collect";
import type { Connection } from "./connection";
import { credentialErrors } from "./credential-errors";
import { type Ending, failureOutcome } from "./ending";
import { type Notice, parseNotice } from "./notice";
import { NoticeQueue } from "./notice-queue";
import { placeOf } from "./place";
import type { Submission } from "./submit";

export interface ListenerOptions {
  /** The wall clock, milliseconds. @default Date.now */
  readonly now?: () => number;
  /**
   * How soon a request's objects themselves are looked for, should a notice be lost; each further look at the same
   * request waits twice as long, at most ten minutes. @default 30 seconds
   */
  readonly lookEverySeconds?: number;
  /** Added to the time to live and the timeout before a request counts as lost. @default 60 seconds */
  readonly graceSeconds?: number;
  /** Lets time pass. @default - a timer */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const lookEveryMsMax = 600_000;
const looksAtOnce = 16;
const receiveSeconds = 20;
/** Of others' notices, at one time; SQS allows 120,000 of one queue in flight. */
const heldMax = 1000;
/** Whoever died with a notice in hand keeps it from others for a while, but its object is there within moments. */
const soonLookMs = 1000;
/** Ids that are remembered, of requests nobody here waits for yet and of those that have ended. */
const idsKept = 10_000;

interface Open {
  readonly submission: Submission;
  readonly end: (ending: Ending) => void;
  readonly fail: (cause: unknown) => void;
  readonly overdueMs: number;
  lookAtMs: number;
  lookEveryMs: number;
}

/**
 * Hears of the ends of one region's requests, however many: one receive loop on the notice queue, and a look at the
 * objects themselves now and then for each, should its notice have been lost. It runs while somebody waits.
 *
 * Notices of requests that nobody waits for here are left in the queue for those who do.
 */
export class NoticeListener {
  private readonly open = new Map<string, Open[]>();
  private readonly strangers = new Map<string, { readonly notice: Notice; readonly message: Message }>();
  private readonly queue: NoticeQueue;
  /** Requests that have ended here: what still comes of them is a duplicate, and is taken out of the queue. */
  private readonly ended = new Set<string>();
  private readonly now: () => number;
  private readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  private running: AbortController | undefined;
  /** Undefined while the queue can be read. */
  private queueFault: string | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly options: ListenerOptions = {},
  ) {
    this.queue = new NoticeQueue(connection);
    this.now = options.now ?? Date.now;
    this.pause = options.pause ?? ((ms, signal) => sleep(ms, undefined, { signal }));
  }

  /** How many requests are waited for. */
  get waiting(): number {
    let count = 0;
    for (const each of this.open.values()) count += each.length;
    return count;
  }

  /**
   * Resolves with the request's end; every request has one, by its bound at the latest. Rejects with the signal's reason,
   * or when credentials are refused.
   *
   * @param mayHaveEnded looks for its objects at once and again soon, each time twice as late: it was sent a while ago,
   *   and its notice may have been heard by somebody who is no more
   */
  wait(submission: Submission, signal?: AbortSignal, mayHaveEnded = false): Promise<Ending> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const settle =
        <Value>(done: (value: Value) => void) =>
        (value: Value): void => {
          signal?.removeEventListener("abort", abort);
          this.drop(entry);
          done(value);
        };
      const nowMs = this.now();
      const lookEveryMs = (this.options.lookEverySeconds ?? 30) * 1000;
      const entry: Open = {
        submission,
        end: settle(resolve),
        fail: settle(reject),
        overdueMs:
          Math.max(nowMs, submission.acceptedAtMs) +
          (submission.timeToLiveSeconds + submission.invocationTimeoutSeconds + (this.options.graceSeconds ?? 60)) *
            1000,
        lookAtMs: mayHaveEnded ? nowMs : nowMs + lookEveryMs,
        lookEveryMs: mayHaveEnded ? Math.min(soonLookMs / 2, lookEveryMs) : lookEveryMs,
      };
      const abort = (): void => entry.fail(signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      this.add(entry);
    });
  }

  private add(entry: Open): void {
    const { inferenceId } = entry.submission;
    this.open.set(inferenceId, [...(this.open.get(inferenceId) ?? []), entry]);
    const early = this.strangers.get(inferenceId);
    if (early !== undefined) {
      this.strangers.delete(inferenceId);
      // It has come already, and would come again and again to whoever receives.
      void this.queue.remove([early.message]).then(() => this.tell(early.notice));
    }
    if (this.running !== undefined) return;
    const running = new AbortController();
    this.running = running;
    void this.listen(running.signal).catch((cause: unknown) => {
      if (running.signal.aborted) return;
      this.running = undefined;
      for (const { fail } of [...this.open.values()].flat()) fail(cause);
    });
  }

  private drop(entry: Open): void {
    const { inferenceId } = entry.submission;
    const rest = (this.open.get(inferenceId) ?? []).filter((each) => each !== entry);
    if (rest.length > 0) this.open.set(inferenceId, rest);
    else this.open.delete(inferenceId);
    if (this.open.size > 0) return;
    this.running?.abort();
    this.running = undefined;
  }

  private async listen(signal: AbortSignal): Promise<void> {
    // Whoever waits for many says so in one go; the first receive is for all of them.
    await Promise.resolve();
    while (!signal.aborted) {
      await this.look(signal);
      if (!signal.aborted) await this.receive(signal);
    }
  }

  private async receive(signal: AbortSignal): Promise<void> {
    const others: Message[] = [];
    let hadOwn = false;
    try {
      for (let seconds = this.secondsToNextLook(); !hadOwn && !signal.aborted; seconds = 0) {
        const page = this.sort(await this.queue.receive(seconds, signal));
        this.queueFault = undefined;
        others.push(...page.others);
        hadOwn = page.own.length > 0;
        // Taken out before anybody is told, who may then end this process; should it end in between, the objects tell.
        await this.queue.remove(page.own);
        await Promise.all(page.told.map((notice) => this.tell(notice)));
        // Ours may lie behind notices that nobody here waits for: held for the moment, they let it through.
        if (page.others.length === 0 || others.length >= heldMax) break;
      }
    } catch (cause) {
      if (!signal.aborted) {
        if (credentialErrors.has((cause as Error).name)) throw cause;
        // The objects tell of the ends all the same, only later.
        this.queueFault = `${(cause as Error).name}: ${(cause as Error).message}`;
      }
    } finally {
      await this.queue.giveBack(others);
    }
    const pauseMs = this.queueFault !== undefined ? receiveSeconds * 1000 : hadOwn || others.length === 0 ? 0 : 1000;
    // What is there is nobody's here: asking again at once would only keep it from its owner.
    if (pauseMs > 0 && !signal.aborted) await this.pause(pauseMs, signal).catch(() => undefined);
  }

  private sort(messages: readonly Message[]): { own: Message[]; others: Message[]; told: Notice[] } {
    const sorted = { own: [] as Message[], others: [] as Message[], told: [] as Notice[] };
    for (const message of messages) {
      const notice = parseNotice(message.Body ?? "");
      if (notice === "test") sorted.own.push(message);
      else if (notice === undefined) sorted.others.push(message);
      else if (this.open.has(notice.inferenceId)) {
        sorted.own.push(message);
        sorted.told.push(notice);
      } else if (this.ended.has(notice.inferenceId)) {
        sorted.own.push(message);
      } else {
        sorted.others.push(message);
        this.strangers.set(notice.inferenceId, { notice, message });
        dropOldest(this.strangers);
      }
    }
    return sorted;
  }

  /** A receive ends before the next of those looks that follow each other quickly; the others wait for its end. */
  private secondsToNextLook(): number {
    let nextMs = receiveSeconds * 1000;
    for (const entries of this.open.values()) {
      for (const { lookAtMs, lookEveryMs } of entries) {
        if (lookEveryMs < receiveSeconds * 1000) nextMs = Math.min(nextMs, lookAtMs - this.now());
      }
    }
    return Math.max(1, Math.ceil(nextMs / 1000));
  }

  private async tell(notice: Notice): Promise<void> {
    this.ended.add(notice.inferenceId);
    dropOldest(this.ended);
    for (const { submission, end } of this.open.get(notice.inferenceId) ?? []) {
      const completed = notice.outcome === "completed";
      end(
        await this.ending(submission, completed ? "completed" : failureOutcome(submission, notice), "notice", notice),
      );
    }
  }

  /** Looks for the objects of the requests whose turn it is, and gives up those whose time is over. */
  private async look(signal: AbortSignal): Promise<void> {
    const nowMs = this.now();
    const due = [...this.open.values()].flat().filter((each) => nowMs >= each.lookAtMs || nowMs > each.overdueMs);
    const look = async (): Promise<void> => {
      for (let entry = due.shift(); entry !== undefined && !signal.aborted; entry = due.shift()) {
        entry.lookEveryMs = Math.min(entry.lookEveryMs * 2, Math.max(lookEveryMsMax, entry.lookEveryMs));
        entry.lookAtMs = nowMs + entry.lookEveryMs;
        await this.lookFor(entry, nowMs > entry.overdueMs);
      }
    };
    await Promise.all(Array.from({ length: Math.min(looksAtOnce, due.length) }, look));
  }

  private async lookFor({ submission, end }: Open, overdue: boolean): Promise<void> {
    const { outputLocation, failureLocation } = submission;
    if (await exists(this.connection, outputLocation)) end(await this.ending(submission, "completed", "object"));
    else if (failureLocation !== undefined && (await exists(this.connection, failureLocation))) {
      end(await this.ending(submission, "failed", "object"));
    } else if (overdue) end(await this.ending(submission, "lost", "clock"));
  }

  private async ending(
    submission: Submission,
    outcome: Ending["outcome"],
    toldBy: Ending["toldBy"],
    notice?: Notice,
  ): Promise<Ending> {
    const { inferenceId, outputLocation, failureLocation } = submission;
    const location = outcome === "completed" ? outputLocation : outcome === "lost" ? undefined : failureLocation;
    const failed = outcome !== "completed" && location !== undefined;
    const failureText = failed ? await readStart(this.connection, location) : undefined;
    const reason = notice?.failureReason ?? (outcome === "lost" ? this.queueFault : undefined);
    return {
      inferenceId,
      outcome,
      toldBy,
      ...(location === undefined ? {} : { location }),
      ...(reason === undefined ? {} : { reason }),
      ...(failureText === undefined ? {} : { failureText }),
      times: {
        acceptedAtMs: submission.acceptedAtMs,
        ...time("receivedAtMs", notice?.receivedTime),
        ...time("endedAtMs", notice?.eventTime),
        heardAtMs: this.now(),
      },
      ...(notice === undefined ? {} : { notice }),
    };
  }
}

async function exists(connection: Connection, location: string): Promise<boolean> {
  try {
    await connection.s3.send(new HeadObjectCommand(placeOf(location)));
    return true;
  } catch (cause) {
    if (credentialErrors.has((cause as Error).name)) throw cause;
    // Missing (403: seen by a caller who may not list), or S3 does not answer now: the next look will tell.
    return false;
  }
}

function dropOldest(kept: Map<string, unknown> | Set<string>): void {
  const oldest = kept.size > idsKept ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
}

function time<Key extends string>(key: Key, text: string | undefined): { [key in Key]?: number } {
  const ms = Date.parse(text ?? "");
  return (Number.isNaN(ms) ? {} : { [key]: ms }) as { [key in Key]?: number };
}
