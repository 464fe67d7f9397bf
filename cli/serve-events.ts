import {
  type DeployedLine,
  type EndedLine,
  type EventLine,
  follow,
  formatVersion,
  type MissedLine,
  restAfter,
  type ServingLine,
} from "../rehearsal/page/event-lines";
import type { Rehearsal } from "../rehearsal/rehearsal";
import type { Terminal } from "./terminal";

/** Events that are still written at the end for a reader who is behind. */
const restMax = 5000;

/** Events of a rehearsal as JSON lines on standard output. A reader who is slow is waited for; the world is not held. */
export class ServeEvents {
  /** Resolves when nobody reads any more. */
  readonly readerGone: Promise<void>;
  /** The number of the last event that was written. */
  private written = 0;
  private readonly ending = new AbortController();
  private readonly done: Promise<void>;

  /** Writes the first line, and from then on each event. */
  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly terminal: Terminal,
  ) {
    this.readerGone = new Promise((resolve) => {
      terminal.onReaderGone = () => {
        this.ending.abort();
        resolve();
      };
    });
    const { url, providerPort, pageUrl } = rehearsal;
    this.write({ kind: "serving", format: formatVersion, url, providerPort, page: pageUrl, time: this.now() });
    this.done = this.run();
  }

  /** A stack was deployed into it. */
  deployed(stack: string, resources: number, manifest: string): void {
    this.write({ kind: "deployed", stack, resources, manifest, time: this.now() });
  }

  /** Writes what has not been written yet, as far as a slow reader may still be kept for, and the last line. */
  async end(): Promise<void> {
    if (this.ending.signal.aborted) return;
    this.ending.abort();
    await this.done;
    this.writeAll(restAfter(this.rehearsal.world.journal, this.written, restMax));
    this.write({ kind: "ended", time: this.now() });
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    for await (const lines of follow(this.rehearsal.world.journal, { after: 0, signal })) {
      this.writeAll(lines);
      await this.terminal.taken(signal);
    }
  }

  private writeAll(lines: ReadonlyArray<EventLine | MissedLine>): void {
    const last = lines.at(-1);
    if (last === undefined) return;
    this.terminal.out(lines.map((line) => JSON.stringify(line)).join("\n"));
    if (last.kind !== "missed") this.written = last.number;
  }

  private write(line: ServingLine | DeployedLine | EndedLine): void {
    this.terminal.out(JSON.stringify(line));
  }

  private now(): string {
    return new Date(this.rehearsal.world.clock.now()).toISOString();
  }
}
