import { randomFillSync } from "node:crypto";

/** Random bytes are fetched by so many: one by one, the fetching takes longer than a request. */
const pool = Buffer.allocUnsafe(8192);
let used = pool.length;

function pooledBytes(count: number): Uint8Array {
  if (count > pool.length) return randomFillSync(Buffer.allocUnsafe(count));
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

/** Where identifiers come from, so that a test can have the same ones twice. */
export class Ids {
  /** @param bytes gives `count` random bytes @default - the operating system's random bytes */
  constructor(private readonly bytes: (count: number) => Uint8Array = pooledBytes) {}

  /** Lower-case hexadecimal digits. */
  hex(digits: number): string {
    return Buffer.from(this.bytes(Math.ceil(digits / 2)))
      .toString("hex")
      .slice(0, digits);
  }

  /** A version 4 UUID. */
  uuid(): string {
    const raw = Buffer.from(this.bytes(16));
    raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40;
    raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80;
    const hex = raw.toString("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Bytes that differ each time from a 32-bit seed, for tests (mulberry32). */
  static seeded(seed: number): Ids {
    let state = seed >>> 0;
    const next = (): number => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return (mixed ^ (mixed >>> 14)) & 0xff;
    };
    return new Ids((count) => Uint8Array.from({ length: count }, next));
  }
}
