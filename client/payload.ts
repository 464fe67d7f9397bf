import { constants, createReadStream } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { UsageError } from "../contract/errors";

/** What is sent: a file by its path, or bytes at hand. */
export type Payload = { readonly path: string } | { readonly bytes: Uint8Array };

export interface OpenedPayload {
  /** Where it came from, for messages. */
  readonly name: string;
  readonly bytes: number;
  /** The whole of it, for payloads small enough to go within the request. */
  read(): Promise<Uint8Array>;
  /** A fresh stream of it. */
  stream(): Readable | Uint8Array;
}

/**
 * Looks at a payload before anything is sent.
 *
 * @throws UsageError ASY-301 when it cannot be read, ASY-302 when it is larger than `limitBytes`
 */
export async function openPayload(payload: Payload, limitBytes: number): Promise<OpenedPayload> {
  const opened = "bytes" in payload ? inMemory(payload.bytes) : await onDisk(payload.path);
  if (opened.bytes > limitBytes) {
    throw new UsageError({
      code: "ASY-302",
      at: opened.name,
      got: `${opened.bytes} bytes`,
      expected: `at most ${limitBytes} bytes, as the fleet declares`,
    });
  }
  return opened;
}

function inMemory(bytes: Uint8Array): OpenedPayload {
  return { name: "payload", bytes: bytes.byteLength, read: async () => bytes, stream: () => bytes };
}

async function onDisk(path: string): Promise<OpenedPayload> {
  const unreadable = (got: string): UsageError =>
    new UsageError({ code: "ASY-301", at: path, got, expected: "a file that can be read" });
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(cause.code === "ENOENT" ? "no such file" : (cause.code ?? cause.message));
  });
  if (!found.isFile()) throw unreadable(found.isDirectory() ? "a folder" : "not a file");
  await access(path, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(cause.code ?? cause.message);
  });
  return {
    name: path,
    bytes: found.size,
    read: () =>
      readFile(path).catch((cause: NodeJS.ErrnoException) => {
        throw unreadable(cause.code ?? cause.message);
      }),
    stream: () => createReadStream(path, { highWaterMark: 1024 * 1024 }),
  };
}
