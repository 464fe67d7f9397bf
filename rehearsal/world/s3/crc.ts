/** CRC-32 and CRC-32C as S3 checks them; Node 20 has neither. */
export const crc32 = running(0xedb88320);
export const crc32c = running(0x82f63b78);

function running(polynomial: number): () => { update(chunk: Buffer): void; base64(): string } {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value >>> 0;
  });
  return () => {
    let value = 0xffffffff;
    return {
      update: (chunk) => {
        for (let index = 0; index < chunk.length; index++) {
          value = (table[(value ^ (chunk[index] as number)) & 0xff] as number) ^ (value >>> 8);
        }
      },
      base64: () => {
        const out = Buffer.alloc(4);
        out.writeUInt32BE((value ^ 0xffffffff) >>> 0);
        return out.toString("base64");
      },
    };
  };
}
