import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { AwsChunkedDecoder } from "../../../rehearsal/wire/aws-chunked";

interface Framing {
  readonly cuts?: readonly number[];
  readonly signed?: boolean;
  readonly trailer?: string;
  readonly length?: number;
}

function frame(chunks: readonly Uint8Array[], { signed, trailer }: Framing): Buffer {
  const signature = signed ? `;chunk-signature=${"0".repeat(64)}` : "";
  const sized = chunks.filter(({ length }) => length > 0);
  return Buffer.concat([
    ...sized.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}${signature}\r\n`),
      chunk,
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`0${signature}\r\n${trailer === undefined ? "" : `${trailer}\r\n`}\r\n`),
  ]);
}

/** The framed bytes in pieces of any size, decoded. */
function decode(bytes: Buffer, { cuts = [], trailer, length }: Framing = {}): Promise<Buffer> {
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
  const decoder = new AwsChunkedDecoder(trailer?.split(":")[0] ?? "", length);
  const source = Readable.from(pieces.filter((piece) => piece.length > 0));
  return buffer(source.pipe(decoder));
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");

describe("the framing aws-chunked", () => {
  it("comes off any body, however it is chunked, signed and cut on its way", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        fc.boolean(),
        async (chunks, cuts, signed) => {
          const whole = Buffer.concat(chunks);
          const trailer = `x-amz-checksum-sha256:${sha256(whole)}`;
          const decoded = await decode(frame(chunks, { signed, trailer }), { cuts, trailer, length: whole.length });
          assert.deepEqual(decoded, whole);
        },
      ),
    );
  });

  it("is refused when a trailer's checksum is of other bytes", async () => {
    const trailer = `x-amz-checksum-sha256:${sha256(Buffer.from("other"))}`;
    await assert.rejects(decode(frame([Buffer.from("these")], { trailer }), { trailer }), { code: "BadDigest" });
  });

  it("is refused when it ends early or its length is not what was said", async () => {
    const framed = frame([Buffer.from("hello")], {});
    await assert.rejects(decode(framed.subarray(0, 6)), { code: "IncompleteBody" });
    await assert.rejects(decode(framed, { length: 6 }), { code: "IncompleteBody" });
  });

  it("ends in an error or in bytes, and never in a crash, for any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 80 }), async (bytes) => {
        await decode(Buffer.from(bytes)).then(
          (decoded) => assert.ok(decoded.length < bytes.length),
          (cause: { code: string }) => assert.match(cause.code, /^(InvalidRequest|IncompleteBody)$/),
        );
      }),
    );
  });
});
