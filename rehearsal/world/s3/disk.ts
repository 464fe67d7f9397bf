import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream, writeFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError } from "../aws-error";
import { crc32, crc32c } from "./crc";

/** A piece of an object on disk. */
export interface Segment {
  readonly path: string;
  readonly bytes: number;
}

/** What a caller says the bytes must be, by the names S3 uses; base64. */
export interface Expected {
  readonly md5?: string | undefined;
  readonly crc32?: string | undefined;
  readonly crc32c?: string | undefined;
  readonly sha1?: string | undefined;
  readonly sha256?: string | undefined;
}

/** A body as the SDK's types allow it. */
export type Body = Readable | Uint8Array | string | undefined | { transformToWebStream?: unknown };

/** What one written file holds. */
export interface Written extends Segment {
  /** Hexadecimal. */
  readonly md5: string;
}

export interface Digest {
  update(chunk: Buffer): unknown;
  base64(): string;
}

function hashing(hash: Hash): Digest {
  return { update: (chunk) => hash.update(chunk), base64: () => hash.digest("base64") };
}

/** The checksums S3 takes, by their names on the wire without `x-amz-checksum-`. */
export const digests: Readonly<Record<Exclude<keyof Expected, "md5">, () => Digest>> = {
  crc32,
  crc32c,
  sha1: () => hashing(createHash("sha1")),
  sha256: () => hashing(createHash("sha256")),
};

const littleBytesMax = 64 * 1024;

/**
 * Streams a body into a file, hashing as it goes.
 *
 * @param isSafe whether the bytes are on the disk, not only on their way to it, when it resolves
 * @throws AwsError BadDigest, and nothing is left behind
 */
export async function writeBody(path: string, body: Body, expected: Expected, isSafe = false): Promise<Written> {
  const md5 = createHash("md5");
  const checks = (Object.keys(digests) as Array<keyof typeof digests>)
    .filter((name) => expected[name] !== undefined)
    .map((name) => ({ name, digest: digests[name]() }));
  let bytes = 0;
  const take = (chunk: Buffer): Buffer => {
    bytes += chunk.length;
    md5.update(chunk);
    for (const { digest } of checks) digest.update(chunk);
    return chunk;
  };
  try {
    if (body instanceof Uint8Array && body.byteLength <= littleBytesMax)
      await writeLittle(path, take(asBuffer(body)), isSafe);
    else {
      await pipeline(
        asReadable(body),
        async function* (chunks: AsyncIterable<Buffer | string>) {
          for await (const each of chunks) yield take(typeof each === "string" ? Buffer.from(each) : each);
        },
        createWriteStream(path, { highWaterMark: 1024 * 1024, flush: isSafe }),
      );
    }
    const md5Hex = md5.digest("hex");
    const wrong =
      (expected.md5 !== undefined && Buffer.from(md5Hex, "hex").toString("base64") !== expected.md5) ||
      checks.some(({ name, digest }) => digest.base64() !== expected[name]);
    if (wrong)
      throw new AwsError(
        "BadDigest",
        "The Content-MD5 or checksum value that you specified did not match what the server received.",
      );
    return { path, bytes, md5: md5Hex };
  } catch (cause) {
    await rm(path, { force: true });
    throw cause;
  }
}

/** A little that is at hand: a stream, or the way to another thread, costs more than the writing does, unless it must be safe. */
async function writeLittle(path: string, bytes: Buffer, isSafe: boolean): Promise<void> {
  if (isSafe) await writeFile(path, bytes, { flush: true });
  else writeFileSync(path, bytes);
}

/** The bytes `from` to `to` (inclusive) of an object's segments, one after another. */
export function readSegments(segments: readonly Segment[], from: number, to: number): Readable {
  async function* bytes(): AsyncIterable<Buffer> {
    let start = 0;
    for (const { path, bytes: size } of segments) {
      const first = Math.max(0, from - start);
      const last = Math.min(size - 1, to - start);
      start += size;
      if (last < first || size === 0) continue;
      yield* createReadStream(path, { start: first, end: last, highWaterMark: 256 * 1024 });
    }
  }
  return Readable.from(bytes(), { objectMode: false, highWaterMark: 256 * 1024 });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function asReadable(body: Body): Readable {
  if (body instanceof Readable) return body;
  if (body === undefined) return Readable.from([]);
  if (typeof body === "string") return Readable.from([Buffer.from(body)]);
  if (body instanceof Uint8Array) return Readable.from([asBuffer(body)]);
  throw new AwsError("InvalidRequest", "The body is neither bytes nor a stream.");
}
