import { constants, type Stats } from "node:fs";
import { access, type FileHandle, open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { UsageError } from "../contract/errors";
import { inlinePayloadBytesMax } from "../contract/limits";

/** What is sent: a file by its path, bytes at hand, a stream of unknown length, or an object that lies in S3 already. */
export type Payload =
  | { readonly path: string }
  | { readonly bytes: Uint8Array }
  | { readonly stream: Readable; readonly name?: string }
  | { readonly s3Uri: string };

/** A piece of a payload, numbered from 1 as S3 numbers parts. */
export interface Part {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** Gives the bytes' memory to a later part, once nobody looks at them any more. @default - nothing to give back */
  readonly release?: () => void;
}

export interface OpenedPayload {
  /** Where it came from, for messages. */
  readonly name: string;
  /** Undefined for a stream longer than an inline payload, whose length is known at its end. */
  readonly bytes: number | undefined;
  /** Whether its parts can be read again, and from anywhere: a broken upload then goes on where it stopped. */
  readonly rereadable: boolean;
  /** The whole of it, for payloads small enough to go within the request. */
  read(): Promise<Uint8Array>;
  /** Its parts in order, each `partBytes` long but the last. @throws UsageError ASY-302, ASY-306 as they show */
  parts(partBytes: number): AsyncGenerator<Part>;
  /** Lets go of the file. */
  close(): Promise<void>;
}

/**
 * Looks at a payload before anything is sent.
 *
 * @throws UsageError ASY-301 when it cannot be read, ASY-302 when it is larger than `limitBytes`, ASY-314 when it is empty
 */
export async function openPayload(
  payload: Exclude<Payload, { readonly s3Uri: string }>,
  limitBytes: number,
): Promise<OpenedPayload> {
  const opened =
    "stream" in payload
      ? await fromStream(payload.stream, payload.name ?? "stream", limitBytes)
      : "bytes" in payload
        ? inMemory(payload.bytes, "payload")
        : await onDisk(payload.path);
  if (opened.bytes === 0) {
    await opened.close();
    throw emptyPayload(opened.name);
  }
  if (opened.bytes !== undefined && opened.bytes > limitBytes) {
    await opened.close();
    throw tooLarge(opened.name, `${opened.bytes} bytes`, limitBytes);
  }
  return opened;
}

function inMemory(bytes: Uint8Array, name: string): OpenedPayload {
  return {
    name,
    bytes: bytes.byteLength,
    rereadable: true,
    read: async () => bytes,
    async *parts(partBytes) {
      for (let from = 0; from < bytes.byteLength; from += partBytes) {
        yield { number: from / partBytes + 1, bytes: bytes.subarray(from, from + partBytes) };
      }
    },
    close: async () => {},
  };
}

async function onDisk(path: string): Promise<OpenedPayload> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause.code === "ENOENT" ? "no such file" : (cause.code ?? cause.message));
  });
  if (!found.isFile()) throw unreadable(path, found.isDirectory() ? "a folder" : "not a file");
  await access(path, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause.code ?? cause.message);
  });
  const file = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(path, cause.code ?? cause.message);
  });
  return {
    name: path,
    bytes: found.size,
    rereadable: true,
    read: async () => {
      const whole = await readAt(file, path, 0, Buffer.allocUnsafe(found.size));
      await refuseChange(file, path, found);
      return whole;
    },
    async *parts(partBytes) {
      // Memory that is new for each part costs more than the reading: the system clears it first.
      const free: Buffer[] = [];
      for (let from = 0; from < found.size; from += partBytes) {
        const memory = free.pop() ?? Buffer.allocUnsafe(Math.min(partBytes, found.size));
        const bytes = memory.subarray(0, Math.min(partBytes, found.size - from));
        await readAt(file, path, from, bytes);
        await refuseChange(file, path, found);
        yield { number: from / partBytes + 1, bytes, release: () => void free.push(memory) };
      }
    },
    close: () => file.close(),
  };
}

/** A stream is read as far as an inline payload may go; one that has ended by then is no stream any more. */
async function fromStream(stream: Readable, name: string, limitBytes: number): Promise<OpenedPayload> {
  const source = chunksOf(stream, name);
  const first: Buffer[] = [];
  let size = 0;
  while (size <= inlinePayloadBytesMax) {
    const { value, done } = await source.next();
    if (done) {
      const whole = Buffer.concat(first);
      if (whole.length > limitBytes) throw tooLarge(name, `${whole.length} bytes`, limitBytes);
      return inMemory(whole, name);
    }
    first.push(value);
    size += value.length;
    if (size > limitBytes) throw tooLarge(name, `more than ${limitBytes} bytes`, limitBytes);
  }
  return {
    name,
    bytes: undefined,
    rereadable: false,
    read: async () => {
      throw new Error("a long stream is read by its parts");
    },
    async *parts(partBytes) {
      let held = first;
      let length = size;
      let total = size;
      let number = 1;
      for (;;) {
        while (length >= partBytes) {
          const joined = Buffer.concat(held);
          yield { number: number++, bytes: joined.subarray(0, partBytes) };
          held = [joined.subarray(partBytes)];
          length -= partBytes;
        }
        const { value, done } = await source.next();
        if (done) break;
        total += value.length;
        if (total > limitBytes) throw tooLarge(name, `more than ${limitBytes} bytes`, limitBytes);
        held.push(value);
        length += value.length;
      }
      if (length > 0) yield { number, bytes: Buffer.concat(held) };
    },
    close: async () => void stream.destroy(),
  };
}

async function* chunksOf(stream: Readable, name: string): AsyncGenerator<Buffer, undefined> {
  try {
    for await (const chunk of stream) {
      yield typeof chunk === "string" ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array);
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw unreadable(name, `a stream that broke off: ${(cause as Error).message}`);
  }
  return undefined;
}

/** Fills `buffer` from a place in the file. */
async function readAt(file: FileHandle, path: string, from: number, buffer: Buffer): Promise<Buffer> {
  let have = 0;
  while (have < buffer.length) {
    const { bytesRead } = await file.read(buffer, have, buffer.length - have, from + have).catch((cause) => {
      throw unreadable(path, (cause as NodeJS.ErrnoException).code ?? String(cause));
    });
    if (bytesRead === 0) throw changed(path, `${from + have} bytes, where more were before`);
    have += bytesRead;
  }
  return buffer;
}

async function refuseChange(file: FileHandle, path: string, before: Stats): Promise<void> {
  const now = await file.stat();
  if (now.size !== before.size) throw changed(path, `${now.size} bytes after ${before.size}`);
  if (now.mtimeMs !== before.mtimeMs) throw changed(path, "written to since it was opened");
}

function unreadable(at: string, got: string): UsageError {
  return new UsageError({ code: "ASY-301", at, got, expected: "a file that can be read" });
}

function tooLarge(at: string, got: string, limitBytes: number): UsageError {
  return new UsageError({
    code: "ASY-302",
    at,
    got,
    expected: `at most ${limitBytes} bytes, as the fleet declares`,
  });
}

export function emptyPayload(at: string): UsageError {
  return new UsageError({ code: "ASY-314", at, got: "0 bytes", expected: "a payload with something in it" });
}

function changed(at: string, got: string): UsageError {
  return new UsageError({ code: "ASY-306", at, got, expected: "a file that stays as it is while it is sent" });
}
