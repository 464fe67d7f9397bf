import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { Row } from "./table";

/** What became safe at once: all of it is there after a crash, or nothing of it. */
export interface Block {
  /** The world's time, milliseconds since the Unix epoch. */
  readonly t: number;
  readonly rows: readonly Row[];
}

/** A line that cannot be read although more follows: no crash does that, something else changed the file. */
export class DamagedJournal extends Error {
  constructor(readonly atByte: number) {
    super(`damaged at byte ${atByte}`);
  }
}

const newline = 0x0a;
/** Eight hexadecimal digits and a space. */
const checksumBytes = 9;

/** A block as a line of the file: the CRC-32 of its JSON, and its JSON. @param rows the rows, each as JSON already */
export function encodeBlock(t: number, rows: readonly string[]): Buffer {
  const json = Buffer.from(`{"t":${t},"rows":[${rows.join(",")}]}`);
  const line = Buffer.allocUnsafe(json.length + checksumBytes + 1);
  line.write(`${crc32(json).toString(16).padStart(8, "0")} `, 0, "latin1");
  json.copy(line, checksumBytes);
  line[line.length - 1] = newline;
  return line;
}

/** @returns undefined when the line is torn or was changed */
export function decodeBlock(line: Buffer): Block | undefined {
  if (line.length <= checksumBytes || line[checksumBytes - 1] !== 0x20) return undefined;
  const json = line.subarray(checksumBytes);
  if (Number.parseInt(line.toString("latin1", 0, checksumBytes - 1), 16) !== crc32(json)) return undefined;
  return JSON.parse(json.toString("utf8")) as Block;
}

/**
 * Reads every whole block; a last line that was torn by a crash is left out.
 *
 * @returns where the whole blocks end
 * @throws DamagedJournal when whole blocks follow one that is not
 */
export async function readJournal(path: string, onBlock: (block: Block) => void): Promise<number> {
  let end = 0;
  let at = 0;
  let torn: number | undefined;
  let rest: Buffer[] = [];
  const take = (line: Buffer): void => {
    const block = decodeBlock(line);
    at += line.length + 1;
    if (block === undefined) torn ??= at - line.length - 1;
    else if (torn !== undefined) throw new DamagedJournal(torn);
    else {
      onBlock(block);
      end = at;
    }
  };
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
      const piece = chunk.subarray(from, to);
      take(rest.length === 0 ? piece : Buffer.concat([...rest, piece]));
      rest = [];
      from = to + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  return end;
}

/** The part of a file handle that is used, so that a test can make a disk fail. */
export type JournalHandle = Pick<FileHandle, "write" | "datasync" | "truncate" | "close">;

/** A journal that is appended to. */
export class JournalFile {
  constructor(
    private readonly handle: JournalHandle,
    private endBytes: number,
  ) {}

  /** @param endBytes where the whole blocks end; what lies behind is cut off */
  static async open(path: string, endBytes: number): Promise<JournalFile> {
    const handle = await open(path, "r+", 0o600);
    await handle.truncate(endBytes);
    return new JournalFile(handle, endBytes);
  }

  /**
   * Appends and makes it safe.
   *
   * @throws what the disk says; the file then ends where it ended before
   */
  async append(line: Buffer): Promise<void> {
    try {
      for (let from = 0; from < line.length; ) {
        const { bytesWritten } = await this.handle.write(line, from, line.length - from, this.endBytes + from);
        from += bytesWritten;
      }
      await this.handle.datasync();
    } catch (cause) {
      // Half a line must not stand before the next one; should cutting fail too, the next is written over it.
      await this.handle.truncate(this.endBytes).catch(() => undefined);
      throw cause;
    }
    this.endBytes += line.length;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
