import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { UsageError } from "../contract/errors";
import type { Connection } from "./connection";
import { placeOf } from "./place";

/** A result or failure object, opened. The reader must read the body to its end or destroy it. */
export interface Collected {
  readonly contentType: string;
  readonly bytes: number;
  readonly body: Readable;
}

/** Opens the object at `location` (`s3://bucket/key`). Throws the AWS SDK's error when it is not there. */
export async function collect(connection: Connection, location: string): Promise<Collected> {
  const answer = await connection.s3.send(new GetObjectCommand(placeOf(location)));
  const body = answer.Body as Readable;
  // It may break off before its reader listens, who then hears of it all the same.
  body.on("error", () => {});
  return {
    contentType: answer.ContentType ?? "application/octet-stream",
    bytes: answer.ContentLength ?? 0,
    body,
  };
}

/** The object's text. For small answers: the whole of it is held in memory. */
export async function collectText(connection: Connection, location: string): Promise<string> {
  const { body } = await collect(connection, location);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Streams the object into a file, whose folder is made. The file is there whole or not at all; what is no file, such as
 * a device or a pipe, is written to as it stands.
 *
 * @throws UsageError ASY-307 when it cannot be written: a full disk, a folder in its place, no permission
 */
export async function collectToFile(
  connection: Connection,
  location: string,
  path: string,
  options: {
    readonly signal?: AbortSignal;
    /** Told as bytes are written. @default - nobody is told */
    readonly onProgress?: (doneBytes: number, allBytes: number) => void;
  } = {},
): Promise<{ readonly contentType: string; readonly bytes: number }> {
  // Always the same name: what a killed process left of it is overwritten by the next, and not kept beside the result.
  const isDevice = await isNoFile(path);
  const half = isDevice ? path : `${path}.part`;
  const { body, contentType, bytes } = await collect(connection, location);
  try {
    await mkdir(dirname(path), { recursive: true });
    let doneBytes = 0;
    body.on("data", (chunk: Buffer) => {
      doneBytes += chunk.length;
      options.onProgress?.(doneBytes, bytes);
    });
    await pipeline(body, createWriteStream(half), { signal: options.signal });
    if (!isDevice) await rename(half, path);
    return { contentType, bytes };
  } catch (cause) {
    body.destroy();
    if (!isDevice) await rm(half, { force: true }).catch(() => undefined);
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined || !["open", "write", "mkdir", "rename", "close"].includes(syscall)) throw cause;
    throw new UsageError({
      code: "ASY-307",
      at: path,
      got: code === "ENOSPC" ? "no space left on the disk" : (code ?? String(cause)),
      expected: `room for ${bytes} bytes in a folder you may write to`,
      fix: `Free it, then collect ${location} again: the result lies there until it is deleted by age.`,
    });
  }
}

/** Renamed over, a device would be gone for everybody; a folder is refused when it is written to. */
async function isNoFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

const startBytes = 64 * 1024;

/** The first 64 KiB of an object as text; undefined when it cannot be read. */
export async function readStart(connection: Connection, location: string): Promise<string | undefined> {
  try {
    const { Body } = await connection.s3.send(
      new GetObjectCommand({ ...placeOf(location), Range: `bytes=0-${startBytes - 1}` }),
    );
    return await Body?.transformToString();
  } catch {
    return undefined;
  }
}
