import type { Journal, JournalEntry } from "../world/journal";

/** Counted up when a field changes its meaning or goes; a new field or kind is none. */
export const formatVersion = 1;

/** One event as machines read it: the journal's entry, with its number and its time in ISO 8601. */
export interface EventLine {
  readonly number: number;
  /** Virtual: the world's own. */
  readonly time: string;
  readonly account: string;
  readonly region: string;
  readonly kind: JournalEntry["kind"];
}

/** What stands in the place of events that are no longer kept, or that were left out for a reader who fell behind. */
export interface MissedLine {
  readonly kind: "missed";
  readonly count: number;
}

/** What a machine must know before it reads on: the first line of `fleet serve --json`. */
export interface ServingLine {
  readonly kind: "serving";
  /** Of the lines that follow. */
  readonly format: number;
  /** Where AWS SDKs find it. */
  readonly url: string;
  readonly providerPort: number;
  /** The status page. */
  readonly page: string;
  /** Virtual time. */
  readonly time: string;
}

/** Follows what `--deploy` made. */
export interface DeployedLine {
  readonly kind: "deployed";
  readonly stack: string;
  readonly resources: number;
  /** The file with the manifest. */
  readonly manifest: string;
  readonly time: string;
}

/** The last line, when the rehearsal was asked to end. */
export interface EndedLine {
  readonly kind: "ended";
  readonly time: string;
}

export interface FollowOptions {
  /** The number of the last event that is known already. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** How far a reader may fall behind before events are left out for him. @default - as far as the journal reaches */
  readonly lagMax?: number;
  /** Wall time between two batches, in which events gather. @default 0 */
  readonly pauseMs?: number;
}

const batchMax = 500;

export function eventLine(number: number, entry: JournalEntry): EventLine {
  const { atMs, accountId, region, kind, ...rest } = entry;
  return { number, time: new Date(atMs).toISOString(), account: accountId, region, kind, ...rest };
}

/**
 * Every event after a number, in batches, as they come, until `signal` is aborted. It keeps nothing but its place in the
 * journal: whoever takes batches slowly costs no memory, and is told how many events he has missed.
 */
export async function* follow(
  journal: Journal,
  { after, signal, lagMax = Number.POSITIVE_INFINITY, pauseMs = 0 }: FollowOptions,
): AsyncGenerator<Array<EventLine | MissedLine>> {
  let place = Math.min(after, journal.newest);
  let wake = (): void => {};
  const stop = journal.listen(() => wake());
  const end = (): void => wake();
  signal.addEventListener("abort", end);
  try {
    while (!signal.aborted) {
      if (journal.newest === place) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (pauseMs > 0) await pause(pauseMs, signal);
        continue;
      }
      const next = linesAfter(journal, place, lagMax, batchMax);
      place = next.place;
      yield next.lines;
    }
  } finally {
    stop();
    signal.removeEventListener("abort", end);
  }
}

/** What came after a number, at most the newest `max`; what is left out before them is told as missed. */
export function restAfter(journal: Journal, after: number, max: number): Array<EventLine | MissedLine> {
  return linesAfter(journal, after, max, max).lines;
}

function linesAfter(
  journal: Journal,
  place: number,
  lagMax: number,
  max: number,
): { readonly place: number; readonly lines: Array<EventLine | MissedLine> } {
  const from = journal.newest - place > lagMax ? journal.newest - max : place;
  const { missed, entries } = journal.since(from, max);
  const left = from - place + missed;
  const first = from + missed + 1;
  const lines = entries.map((entry, index) => eventLine(first + index, entry));
  return {
    place: first - 1 + entries.length,
    lines: left > 0 ? [{ kind: "missed", count: left }, ...lines] : lines,
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
