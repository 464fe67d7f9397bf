import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, writeFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError } from "../aws-error";
import { diskFull, isDiskFull } from "../disk-full";
import { type Algorithm, algorithms, type Checksums, checksumsIn, digests } from "./checksums";

/** A piece of an object on disk. */
export interface Segment {
  readonly path: string;
  readonly bytes: number;
}

/** What a caller says the bytes must be. */
export interface Expected {
  /** base64 */
  readonly md5?: string | undefined;
  readonly checksums: Checksums;
  /** An algorithm whose checksum is wanted though nobody gave one. */
  readonly algorithm?: Algorithm | undefined;
}

/** What a stream knows of its own bytes, beside the caller's words. */
export interface Attested {
  /** Checksums that came behind the bytes, compared already once the stream has ended. */
  readonly trailing?: Checksums;
  /** The digest that the request's signature covers, hexadecimal. */
  readonly signedSha256?: string;
  /** Whether whoever sends the bytes holds the clock while they flow. @default - whoever writes them does */
  readonly holdsClock?: boolean;
}

/** A body as the SDK's types allow it. */
export type Body = (Readable & Attested) | Uint8Array | string | undefined | { transformToWebStream?: unknown };

/** What one written file holds. */
export interface Written extends Segment {
  /** Hexadecimal. */
  readonly md5: string;
  /** Those that were given and are right, or were asked for. */
  readonly checksums: Checksums;
}

/** Bytes that all writers together keep in memory, and what one keeps at least and at most. */
const buffersBytesMax = 64 * 1024 * 1024;
const bufferBytes = { min: 64 * 1024, max: 1024 * 1024 };
let writers = 0;
const littleBytesMax = 64 * 1024;

/**
 * Streams a body into a file, hashing as it goes.
 *
 * @param isSafe whether the bytes are on the disk, not only on their way to it, when it resolves
 * @throws AwsError BadDigest, XAmzContentSHA256Mismatch, or ServiceUnavailable when the disk is full; nothing is left behind
 */
export async function writeBody(path: string, body: Body, expected: Expected, isSafe = false): Promise<Written> {
  const source = body instanceof Readable ? (body as Readable & Attested) : undefined;
  // What comes behind the bytes is compared by whoever takes them apart.
  const wanted = source?.trailing === undefined ? expected.algorithm : undefined;
  const md5 = createHash("md5");
  const signed = source?.signedSha256 === undefined ? undefined : createHash("sha256");
  const checks = algorithms
    .filter((name) => expected.checksums[`Checksum${name}`] !== undefined || wanted === name)
    .map((name) => ({ name, digest: digests[name]() }));
  let bytes = 0;
  const take = (chunk: Buffer): Buffer => {
    bytes += chunk.length;
    md5.update(chunk);
    signed?.update(chunk);
    for (const { digest } of checks) digest.update(chunk);
    return chunk;
  };
  writers++;
  const room = Math.min(bufferBytes.max, Math.max(bufferBytes.min, Math.floor(buffersBytesMax / writers)));
  try {
    if (body instanceof Uint8Array && body.byteLength <= littleBytesMax)
      await writeLittle(path, take(asBuffer(body)), isSafe);
    else {
      const from = asReadable(body);
      // Whoever sends over the wire must still hear why his bytes were refused: his connection is not to be broken.
      const chunks: AsyncIterable<Buffer | string> = from.iterator({ destroyOnReturn: source?.holdsClock !== true });
      await pipeline(
        async function* () {
          for await (const each of chunks) yield take(typeof each === "string" ? Buffer.from(each) : each);
        },
        createWriteStream(path, { highWaterMark: room, flush: isSafe }),
      );
    }
    const md5Hex = md5.digest("hex");
    if (expected.md5 !== undefined && Buffer.from(md5Hex, "hex").toString("base64") !== expected.md5)
      throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
    if (signed !== undefined && signed.digest("hex") !== source?.signedSha256) {
      throw new AwsError(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    const found: Record<string, string> = {};
    for (const { name, digest } of checks) found[`Checksum${name}`] = await digest.base64();
    for (const [name, value] of Object.entries(checksumsIn(expected.checksums)))
      if (found[name] !== value) throw badDigest(name.slice("Checksum".length));
    return { path, bytes, md5: md5Hex, checksums: { ...found, ...source?.trailing } };
  } catch (cause) {
    await rm(path, { force: true });
    throw isDiskFull(cause) ? diskFull() : cause;
  } finally {
    writers--;
  }
}

/** A little that is at hand: a stream, or the way to another thread, costs more than the writing does, unless it must be safe. */
async function writeLittle(path: string, bytes: Buffer, isSafe: boolean): Promise<void> {
  if (isSafe) await writeFile(path, bytes, { flush: true });
  else writeFileSync(path, bytes);
}

/** A checksum that is not the bytes'. */
export function badDigest(algorithm: string): AwsError {
  return new AwsError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
}

/** The checksum of what was written, read once more. */
export async function checksumOf(segments: readonly Segment[], algorithm: Algorithm): Promise<string> {
  const digest = digests[algorithm]();
  for (const { path } of segments)
    for await (const chunk of createReadStream(path, { highWaterMark: bufferBytes.max }))
      digest.update(chunk as Buffer);
  return digest.base64();
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
