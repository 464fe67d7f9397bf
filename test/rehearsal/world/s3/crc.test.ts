import assert from "node:assert/strict";
import fc from "fast-check";
import { crc32, crc32c } from "../../../../rehearsal/world/s3/crc";

const kinds = { crc32, crc32c } as const;
const hex = (crc: { base64(): string }): string => Buffer.from(crc.base64(), "base64").toString("hex");

/** A bit at a time, as the definition says it. */
function slow(polynomial: number, bytes: Uint8Array): string {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  }
  return ((value ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}

describe("CRCs", () => {
  it("have the check values of their definitions", () => {
    for (const [name, check] of [
      ["crc32", "cbf43926"],
      ["crc32c", "e3069283"],
    ] as const) {
      const crc = kinds[name]();
      crc.update(Buffer.from("123456789"));
      assert.equal(hex(crc), check);
    }
  });

  it("are those of the definition for any bytes, however they are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const whole = Buffer.concat(chunks);
        for (const [kind, polynomial] of [
          [crc32, 0xedb88320],
          [crc32c, 0x82f63b78],
        ] as const) {
          const crc = kind();
          for (const chunk of chunks) crc.update(chunk);
          assert.equal(hex(crc), slow(polynomial, whole));
        }
      }),
    );
  });
});
