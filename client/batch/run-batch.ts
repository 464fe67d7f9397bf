import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "../../contract/errors";
import { collectToFile } from "../collect";
import type { FleetClient } from "../fleet-client";
import { acceptanceAfter, mayPass } from "../regions/acceptance";
import type { Submission, SubmitOptions } from "../submit";
import { Aimd } from "./aimd";
import type { BatchItem } from "./items";
import { BatchJournal, type ItemEnd, type ItemState } from "./journal";

export interface BatchOptions {
  /** The journal's file. */
  readonly journalPath: string;
  /** Where results go, each under its item's name with `.out` behind it. @default - they stay in S3 */
  readonly resultsFolder?: string;
  /** Requests sent and not yet ended, at most. @default 1000 */
  readonly openMax?: number;
  /** Submissions under way at once, at most; the batch finds out how many the service likes. @default 64 */
  readonly submissionsAtOnceMax?: number;
  /** What else is said of every request. @default - what the fleet declares */
  readonly request?: Omit<
    SubmitOptions,
    "contentType" | "key" | "claimant" | "inferenceId" | "signal" | "onProgress" | "filename"
  >;
  /** Ends the batch; what was done stays done. @default - it runs to its end */
  readonly signal?: AbortSignal;
  /** Told whenever an item has got further. @default - nobody is told */
  readonly onProgress?: (progress: BatchProgress) => void;
  /** The wall clock, milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Lets time pass before a throttled item is sent again. @default - a timer */
  readonly pause?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface BatchProgress {
  readonly items: number;
  readonly sent: number;
  readonly ended: number;
  readonly refused: number;
  readonly submissionsAtOnce: number;
}

export interface BatchResult {
  readonly id: string;
  /** Every item, in the order of the batch. */
  readonly items: ReadonlyArray<{ readonly name: string } & ItemState>;
}

const pauseMsMax = 20_000;
/** About a quarter of an hour of a service that is too busy. */
const triesMax = 50;

/**
 * Sends every item and waits for its end, never more at once than `openMax`, going on from the journal of an earlier
 * run: what has ended is not sent again, what was sent is waited for, and what may have been sent is found by its key.
 *
 * An item that cannot be sent is noted and does not stop the others. Credentials that are refused stop the batch.
 *
 * @throws UsageError ASY-307, ASY-309, ASY-311 for the journal; the signal's reason; the AWS SDK's errors on credentials
 */
export async function runBatch(
  client: FleetClient,
  items: readonly BatchItem[],
  options: BatchOptions,
): Promise<BatchResult> {
  const { project, stack } = client.manifest;
  const journal = await BatchJournal.open(options.journalPath, { id: randomUUID(), project, stack });
  try {
    await new Batch(client, items, options, journal).run();
    return {
      id: journal.id,
      items: items.map(({ name }) => ({ name, ...journal.items.get(name) })),
    };
  } finally {
    await journal.close();
  }
}

class Batch {
  private readonly aimd: Aimd;
  private readonly now: () => number;
  private readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  private readonly stop = new AbortController();
  private readonly waiting: BatchItem[];
  private readonly counts: { sent: number; ended: number; refused: number };
  private submitting = 0;
  private open = 0;
  private wake: () => void = () => {};

  constructor(
    private readonly client: FleetClient,
    private readonly items: readonly BatchItem[],
    private readonly options: BatchOptions,
    private readonly journal: BatchJournal,
  ) {
    this.aimd = new Aimd(8, options.submissionsAtOnceMax ?? 64);
    this.now = options.now ?? Date.now;
    this.pause = options.pause ?? ((ms, signal) => sleep(ms, undefined, { signal }));
    // What was sent already is waited for first: its results may be there.
    const left = items.filter(({ name }) => journal.items.get(name)?.end === undefined);
    const sent = left.filter(({ name }) => journal.items.get(name)?.submission !== undefined);
    const unsent = left.filter(({ name }) => journal.items.get(name)?.submission === undefined);
    this.waiting = [...sent, ...unsent];
    this.counts = { sent: items.length - unsent.length, ended: items.length - left.length, refused: 0 };
    // Every open request listens for the end of the batch.
    setMaxListeners(0, this.stop.signal);
  }

  async run(): Promise<void> {
    const { signal } = this.options;
    const abort = (): void => this.fail(signal?.reason);
    if (signal?.aborted) throw signal.reason;
    signal?.addEventListener("abort", abort, { once: true });
    this.tell();
    try {
      while (this.waiting.length > 0 || this.open > 0) {
        this.stop.signal.throwIfAborted();
        this.startWhatMay();
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      this.stop.signal.throwIfAborted();
    } finally {
      signal?.removeEventListener("abort", abort);
      // Nobody writes to the journal after it is closed.
      while (this.open > 0) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }

  private startWhatMay(): void {
    while (this.waiting.length > 0 && this.open < (this.options.openMax ?? 1000)) {
      const [next] = this.waiting;
      const sent = next !== undefined && this.journal.items.get(next.name)?.submission !== undefined;
      if (!sent && this.submitting >= this.aimd.atOnce) return;
      const item = this.waiting.shift() as BatchItem;
      this.open++;
      if (!sent) this.submitting++;
      void this.see(item, sent)
        .catch((cause: unknown) => this.fail(cause))
        .finally(() => {
          this.open--;
          this.wake();
        });
    }
  }

  /** One item from its payload to its result. */
  private async see(item: BatchItem, sent: boolean): Promise<void> {
    let submission = this.journal.items.get(item.name)?.submission;
    if (!sent) {
      try {
        submission = await this.send(item);
      } finally {
        this.submitting--;
        this.wake();
      }
    }
    if (submission === undefined) return;
    const { notice: _notice, ...ending } = await this.client.wait(
      submission,
      this.stop.signal,
      sent || submission.repeated,
    );
    const end: ItemEnd = { ...ending, ...(await this.collected(item, submission, ending.outcome)) };
    await this.journal.add({ kind: "ended", item: item.name, end });
    this.counts.ended++;
    this.tell();
  }

  private async send(item: BatchItem): Promise<Submission | undefined> {
    for (let tries = 1; ; tries++) {
      this.stop.signal.throwIfAborted();
      try {
        const submission = await this.client.submit(item.payload, {
          ...this.options.request,
          contentType: item.contentType,
          // One key for each item of a batch: should this process die before its next line, the next finds the request.
          key: `${this.journal.id}/${item.name}`,
          claimant: this.journal.id,
          signal: this.stop.signal,
        });
        await this.journal.add({ kind: "submitted", item: item.name, submission });
        this.aimd.succeeded();
        this.counts.sent++;
        this.tell();
        return submission;
      } catch (cause) {
        this.stop.signal.throwIfAborted();
        if (mayPass(cause) && tries < triesMax) {
          if (acceptanceAfter(cause) === "busy") this.aimd.throttled(this.now());
          await this.pause(pauseMsAfter(tries), this.stop.signal);
          continue;
        }
        const problem = problemOf(cause);
        if (problem === undefined) throw cause;
        await this.journal.add({ kind: "refused", item: item.name, problem });
        this.counts.refused++;
        this.tell();
        return undefined;
      }
    }
  }

  private async collected(item: BatchItem, submission: Submission, outcome: string): Promise<Partial<ItemEnd>> {
    const { resultsFolder } = this.options;
    if (outcome !== "completed" || resultsFolder === undefined) return {};
    const resultFile = `${item.name}.out`;
    const connection = this.client.connection(submission.region);
    const path = join(resultsFolder, resultFile);
    for (let tries = 1; ; tries++) {
      try {
        const { bytes } = await collectToFile(connection, submission.outputLocation, path, {
          signal: this.stop.signal,
        });
        return { resultFile, resultBytes: bytes };
      } catch (cause) {
        this.stop.signal.throwIfAborted();
        if (!mayPass(cause) || tries >= triesMax) throw cause;
        await this.pause(pauseMsAfter(tries), this.stop.signal);
      }
    }
  }

  private fail(cause: unknown): void {
    this.stop.abort(cause);
    this.wake();
  }

  private tell(): void {
    this.options.onProgress?.({
      items: this.items.length,
      ...this.counts,
      submissionsAtOnce: this.aimd.atOnce,
    });
  }
}

/** Each pause twice as long as the one before, up to a bound. */
function pauseMsAfter(tries: number): number {
  return Math.min(500 * 2 ** (tries - 1), pauseMsMax);
}

/** What is this item's own fault, or this moment's: the others go on. Credentials are everybody's. */
function problemOf(cause: unknown): string | undefined {
  if (cause instanceof UsageError) return cause.message;
  const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === undefined || status === 401 || status === 403) return undefined;
  return `${(cause as Error).name}: ${(cause as Error).message}`;
}
