import type { ServerResponse } from "node:http";
import type { World } from "../world/world";
import { follow, formatVersion } from "./event-lines";

export interface ResumeFrom {
  /** What a browser sends when it connects again. */
  readonly lastEventId: string | undefined;
  /** The number of the last event that is known already. */
  readonly after: string | undefined;
  /** How long a reader may take nothing at all before he is dropped. A browser connects again by itself. @default 30000 */
  readonly stalledMs?: number;
}

const tickMs = 1000;
/** In which events gather, so that a busy world is told in few pieces. */
const pauseMs = 100;
/** A reader who is further behind is told what he has missed instead. */
const lagMax = 2000;
const stalledMsDefault = 30_000;

/**
 * Sends a world's events as Server-Sent Events until the reader goes. It keeps at most one batch for him, and nothing
 * of it holds the virtual clock or asks it to move.
 */
export async function sendEvents(
  world: World,
  run: string,
  response: ServerResponse,
  resume: ResumeFrom,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", Connection: "keep-alive" });
  const tell = (event: string, data: object): void => {
    if (!response.writableNeedDrain) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const tick = (): void =>
    tell("clock", { time: new Date(world.clock.now()).toISOString(), wallTime: new Date().toISOString() });
  tell("hello", { format: formatVersion, run, newestEvent: world.journal.newest });
  tick();
  const ticking = setInterval(tick, tickMs);
  ticking.unref();
  try {
    const after = placeOf(resume, run, world.journal.newest);
    for await (const lines of follow(world.journal, { after, signal: gone.signal, lagMax, pauseMs })) {
      const text = lines.map((line) =>
        line.kind === "missed"
          ? `event: missed\ndata: ${JSON.stringify(line)}\n\n`
          : `id: ${run}-${line.number}\ndata: ${JSON.stringify(line)}\n\n`,
      );
      if (!response.write(text.join(""))) await drained(response, gone.signal, resume.stalledMs ?? stalledMsDefault);
    }
  } finally {
    clearInterval(ticking);
  }
}

/** Where to go on: numbers of another process say nothing here. */
export function placeOf({ lastEventId, after }: ResumeFrom, run: string, newest: number): number {
  const [, of, number] = /^([0-9a-f]+)-(\d{1,15})$/.exec(lastEventId ?? "") ?? [];
  if (of === run) return Math.min(Number(number), newest);
  return /^\d{1,15}$/.test(after ?? "") ? Math.min(Number(after), newest) : newest;
}

/** Waits until the reader has taken what was written, and breaks the connection when he takes nothing. */
function drained(response: ServerResponse, gone: AbortSignal, stalledMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), stalledMs);
    timer.unref();
    const done = (): void => {
      clearTimeout(timer);
      response.off("drain", done);
      gone.removeEventListener("abort", done);
      resolve();
    };
    response.once("drain", done);
    gone.addEventListener("abort", done);
    if (gone.aborted) done();
  });
}
