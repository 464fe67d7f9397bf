import { createHash } from "node:crypto";
import { Crc64NvmeJs } from "@aws-sdk/checksums/crc";
import { Xxh3_64, Xxh3_128, Xxh64 } from "@aws-sdk/checksums/xxh";
import { AwsError } from "../aws-error";
import { crc32, crc32c } from "./crc";

/** A checksum in the making. */
export interface Digest {
  update(chunk: Buffer): unknown;
  /** Once, when every byte has been given. */
  base64(): string | Promise<string>;
}

/** Every algorithm S3 takes, by the SDK's names; what is not in Node comes from the SDK itself. */
export const digests = {
  CRC32: crc32,
  CRC32C: crc32c,
  CRC64NVME: () => ofTheSdk(new Crc64NvmeJs()),
  MD5: () => ofNode("md5"),
  SHA1: () => ofNode("sha1"),
  SHA256: () => ofNode("sha256"),
  SHA512: () => ofNode("sha512"),
  XXHASH64: () => ofTheSdk(new Xxh64()),
  XXHASH3: () => ofTheSdk(new Xxh3_64()),
  XXHASH128: () => ofTheSdk(new Xxh3_128()),
} satisfies Record<string, () => Digest>;

export type Algorithm = keyof typeof digests;
export const algorithms = Object.keys(digests) as Algorithm[];

/** Checksums by the names of the SDK's members, e.g. `ChecksumSHA256`; base64. */
export type Checksums = { readonly [Name in `Checksum${Algorithm}`]?: string | undefined };

/** An object's checksum, and whether it is of all its bytes or of its parts' checksums. */
export type Summed = Checksums & { readonly ChecksumType?: "FULL_OBJECT" | "COMPOSITE" | undefined };

function ofNode(name: string): Digest {
  const hash = createHash(name);
  return { update: (chunk) => hash.update(chunk), base64: () => hash.digest("base64") };
}

function ofTheSdk(sum: { update(chunk: Uint8Array): void; digest(): Promise<Uint8Array> }): Digest {
  return {
    update: (chunk) => sum.update(chunk),
    base64: async () => Buffer.from(await sum.digest()).toString("base64"),
  };
}

/** The checksums that an input names, and nothing else of it. */
export function checksumsIn(input: Checksums): Checksums {
  return Object.fromEntries(
    algorithms.flatMap((algorithm) => {
      const value = input[`Checksum${algorithm}`];
      return value === undefined ? [] : [[`Checksum${algorithm}`, value]];
    }),
  );
}

/** The one checksum among some, if any. */
export function oneOf(checksums: Checksums): { readonly algorithm: Algorithm; readonly value: string } | undefined {
  const algorithm = algorithms.find((each) => checksums[`Checksum${each}`] !== undefined);
  return algorithm === undefined ? undefined : { algorithm, value: checksums[`Checksum${algorithm}`] ?? "" };
}

/** @throws AwsError InvalidRequest for several checksums at once, or one that cannot be one */
export function refuseOdd(checksums: Checksums): void {
  const found = Object.entries(checksumsIn(checksums));
  if (found.length > 1) {
    throw new AwsError(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  for (const [name, value] of found) {
    const bytes = Buffer.from(String(value), "base64");
    if (bytes.length === bytesOf(name.slice("Checksum".length) as Algorithm) && bytes.toString("base64") === value)
      continue;
    throw new AwsError("InvalidRequest", `Value for x-amz-checksum-${name.slice(8).toLowerCase()} header is invalid.`);
  }
}

function bytesOf(algorithm: Algorithm): number {
  const { MD5, SHA1, SHA256, SHA512, XXHASH128 } = { MD5: 16, SHA1: 20, SHA256: 32, SHA512: 64, XXHASH128: 16 };
  const long: Partial<Record<Algorithm, number>> = { MD5, SHA1, SHA256, SHA512, XXHASH128 };
  return long[algorithm] ?? (algorithm === "CRC32" || algorithm === "CRC32C" ? 4 : 8);
}

/** The checksum of checksums that an object of parts has, with the number of parts behind it. */
export async function composite(algorithm: Algorithm, parts: readonly string[]): Promise<string> {
  const digest = digests[algorithm]();
  for (const part of parts) digest.update(Buffer.from(part, "base64"));
  return `${await digest.base64()}-${parts.length}`;
}

/** What CRCs of the one kind are made with: bits and polynomial, mirrored. */
const crcs: Partial<Record<Algorithm, readonly [bits: bigint, polynomial: bigint]>> = {
  CRC32: [32n, 0xedb88320n],
  CRC32C: [32n, 0x82f63b78n],
  CRC64NVME: [64n, 0x9a6c9329ac4bc9b5n],
};

/** Whether the whole object's checksum follows from its parts': only a CRC's does. */
export function isCrc(algorithm: Algorithm): boolean {
  return crcs[algorithm] !== undefined;
}

/** The CRC of all bytes from those of its parts, as zlib's `crc32_combine` does it. */
export function joined(
  algorithm: Algorithm,
  parts: ReadonlyArray<{ readonly value: string; readonly bytes: number }>,
): string {
  const [bits, polynomial] = crcs[algorithm] ?? [32n, 0n];
  const top = 1n << (bits - 1n);
  const times = (left: bigint, right: bigint): bigint => {
    let product = 0n;
    let factor = right;
    for (let bit = top; bit > 0n; bit >>= 1n) {
      if ((left & bit) !== 0n) product ^= factor;
      factor = (factor & 1n) === 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
    }
    return product;
  };
  /** x to the power of eight times so many bytes. */
  const shift = (bytes: number): bigint => {
    let power = top;
    // x, then x^8: a byte.
    let square = top >> 1n;
    for (let index = 0; index < 3; index++) square = times(square, square);
    for (let left = BigInt(bytes); left > 0n; left >>= 1n) {
      if ((left & 1n) === 1n) power = times(power, square);
      square = times(square, square);
    }
    return power;
  };
  const number = (value: string): bigint => BigInt(`0x${Buffer.from(value, "base64").toString("hex")}`);
  const whole = parts.reduce((crc, { value, bytes }) => times(shift(bytes), crc) ^ number(value), 0n);
  return Buffer.from(whole.toString(16).padStart(Number(bits) / 4, "0"), "hex").toString("base64");
}
