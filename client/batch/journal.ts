import { type FileHandle, open, readFile } from "node:fs/promises";
import { lock } from "proper-lockfile";
import { UsageError } from "../../contract/errors";
import type { Ending } from "../ending";
import type { Submission } from "../submit";

/** What a batch has come to with one item. */
export interface ItemEnd extends Omit<Ending, "notice"> {
  /** The file the result was collected to. */
  readonly resultFile?: string;
  readonly resultBytes?: number;
}

export type JournalLine =
  | {
      readonly kind: "batch";
      readonly version: 1;
      readonly id: string;
      readonly project: string;
      readonly stack: string;
    }
  | { readonly kind: "submitted"; readonly item: string; readonly submission: Submission }
  | { readonly kind: "ended"; readonly item: string; readonly end: ItemEnd }
  /** It could not be sent: its payload cannot be read, or no region takes it. */
  | { readonly kind: "refused"; readonly item: string; readonly problem: string };

export interface ItemState {
  readonly submission?: Submission;
  readonly end?: ItemEnd;
  readonly problem?: string;
}

/**
 * A batch's memory on disk: one line of JSON for each thing that has happened, written before it counts as happened. A
 * batch that was ended in any way goes on from it.
 */
export class BatchJournal {
  private pending: string[] = [];
  private flushing: Promise<void> | undefined;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly unlock: () => Promise<void>,
    readonly id: string,
    readonly items: Map<string, ItemState>,
  ) {}

  /**
   * Opens a journal, or begins one.
   *
   * @param begin what a new journal begins with
   * @throws UsageError ASY-309 when a line but the last cannot be read, or the journal is another fleet's; ASY-311 when
   *   another batch has it open; ASY-307 when it cannot be written
   */
  static async open(path: string, begin: { id: string; project: string; stack: string }): Promise<BatchJournal> {
    const file = await open(path, "a").catch((cause: NodeJS.ErrnoException) => {
      throw unwritable(path, cause);
    });
    let unlock = async (): Promise<void> => {};
    try {
      unlock = await onlyOne(path);
      const { lines, wholeBytes } = parse(path, await readFile(path, "utf8"));
      const [head] = lines;
      if (head !== undefined) refuseForeign(path, head, begin);
      // A line cut short by the end of its writer says nothing; what comes next must not be glued to it.
      await file.truncate(wholeBytes);
      const journal = new BatchJournal(path, file, unlock, head?.kind === "batch" ? head.id : begin.id, new Map());
      if (head === undefined) await journal.add({ kind: "batch", version: 1, ...begin });
      for (const line of lines) journal.apply(line);
      return journal;
    } catch (cause) {
      await file.close();
      await unlock();
      throw cause;
    }
  }

  /** Resolves once the line is on the disk. Lines that are added meanwhile go together. */
  async add(line: JournalLine): Promise<void> {
    this.apply(line);
    this.pending.push(`${JSON.stringify(line)}\n`);
    while (this.pending.length > 0 || this.flushing !== undefined) {
      this.flushing ??= this.flush();
      await this.flushing;
    }
  }

  async close(): Promise<void> {
    await this.flushing;
    await this.file.close();
    await this.unlock();
  }

  private async flush(): Promise<void> {
    const lines = this.pending.splice(0).join("");
    try {
      await this.file.appendFile(lines);
      await this.file.datasync();
    } catch (cause) {
      throw unwritable(this.path, cause as NodeJS.ErrnoException);
    } finally {
      this.flushing = undefined;
    }
  }

  private apply(line: JournalLine): void {
    if (line.kind === "batch") return;
    const before = this.items.get(line.item);
    if (line.kind === "submitted") this.items.set(line.item, { submission: line.submission });
    else if (line.kind === "ended") this.items.set(line.item, { ...before, end: line.end });
    else this.items.set(line.item, { ...before, problem: line.problem });
  }
}

/** The lock of a batch that died is taken over after ten seconds. */
async function onlyOne(path: string): Promise<() => Promise<void>> {
  try {
    return await lock(path, { realpath: false, stale: 10_000 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ELOCKED") throw cause;
    throw new UsageError({
      code: "ASY-311",
      at: path,
      got: "a journal that is in use, or was ten seconds ago",
      expected: "a journal of this batch alone",
    });
  }
}

function parse(path: string, text: string): { lines: JournalLine[]; wholeBytes: number } {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const lines = whole
    .split("\n")
    .slice(0, -1)
    .map((line, index) => {
      try {
        const value = JSON.parse(line) as JournalLine;
        if (index === 0 ? value.kind === "batch" : ["submitted", "ended", "refused"].includes(value.kind)) return value;
      } catch {
        // Told below, with its number.
      }
      throw new UsageError({
        code: "ASY-309",
        at: `${path} line ${index + 1}`,
        got: line.length > 80 ? `${line.slice(0, 77)}...` : line,
        expected: "a line that a batch has written",
      });
    });
  return { lines, wholeBytes: Buffer.byteLength(whole) };
}

function refuseForeign(path: string, head: JournalLine, begin: { project: string; stack: string }): void {
  if (head.kind !== "batch") return;
  if (head.version === 1 && head.project === begin.project && head.stack === begin.stack) return;
  throw new UsageError({
    code: "ASY-309",
    at: path,
    got: `version ${head.version} of a batch for ${head.project}, stack ${head.stack}`,
    expected: `version 1, for ${begin.project}, stack ${begin.stack}`,
  });
}

function unwritable(path: string, cause: NodeJS.ErrnoException): UsageError {
  return new UsageError({
    code: "ASY-307",
    at: path,
    got: cause.code === "ENOSPC" ? "no space left on the disk" : (cause.code ?? cause.message),
    expected: "a file you may read and write, and room for it",
    fix: "Make room, and the same command goes on from it; or name another place for the journal before anything is sent.",
  });
}
