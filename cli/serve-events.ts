import { follow, formatVersion } from "../rehearsal/page/event-lines";
import type { Rehearsal } from "../rehearsal/rehearsal";
import type { Terminal } from "./terminal";

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

/** Events of a rehearsal as JSON lines on standard output. A reader who is slow is waited for; the world is not held. */
export class ServeEvents {
  private readonly ending = new AbortController();
  private readonly done: Promise<void>;

  /** Writes the first line, and from then on each event. */
  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly terminal: Terminal,
  ) {
    const { url, providerPort, pageUrl } = rehearsal;
    this.write({ kind: "serving", format: formatVersion, url, providerPort, page: pageUrl, time: this.now() });
    this.done = this.run();
  }

  /** A stack was deployed into it. */
  deployed(stack: string, resources: number, manifest: string): void {
    this.write({ kind: "deployed", stack, resources, manifest, time: this.now() });
  }

  /** Writes the last line; nothing comes after it. */
  async end(): Promise<void> {
    this.ending.abort();
    await this.done;
    this.write({ kind: "ended", time: this.now() });
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    for await (const lines of follow(this.rehearsal.world.journal, { after: 0, signal })) {
      this.terminal.out(lines.map((line) => JSON.stringify(line)).join("\n"));
      await this.terminal.taken(signal);
    }
  }

  private write(line: ServingLine | DeployedLine | EndedLine): void {
    this.terminal.out(JSON.stringify(line));
  }

  private now(): string {
    return new Date(this.rehearsal.world.clock.now()).toISOString();
  }
}
