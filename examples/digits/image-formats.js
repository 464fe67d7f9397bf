// The two formats the container reads, as bytes arrive: one PGM picture, or an IDX file of many (the format the
// handwritten digits were published in). Both are 28 x 28 grey values.
const { PIXELS } = require("./network");

const IDX_MAGIC = 0x00000803;

/** Thrown for a payload that is not what its content type says; answered with status 400. */
class BadPayload extends Error {}

/** Yields each image of `source` (an async iterable of Buffers) as a Buffer of 784 bytes. */
async function* imagesOf(contentType, source) {
  if (contentType === "image/x-portable-graymap") yield* pgm(source);
  else if (contentType === "application/x-idx3-ubyte") yield* idx(source);
  else
    throw new BadPayload(
      `unknown content type "${contentType}": expected image/x-portable-graymap or application/x-idx3-ubyte`,
    );
}

async function* pgm(source) {
  const bytes = await collect(source, 1_000_000);
  const header = /^P5\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s+(\d+)\s/.exec(bytes.subarray(0, 200).toString("latin1"));
  if (header === null) throw new BadPayload("not a binary PGM picture (it does not begin with P5 and three numbers)");
  const [, width, height, white] = header.map(Number);
  if (width !== 28 || height !== 28 || white !== 255) {
    throw new BadPayload(
      `a picture of ${width} x ${height} with white at ${white}: expected 28 x 28 with white at 255`,
    );
  }
  const pixels = bytes.subarray(header[0].length);
  if (pixels.length !== PIXELS) throw new BadPayload(`${pixels.length} pixels: expected ${PIXELS}`);
  yield pixels;
}

async function collect(source, limitBytes) {
  const chunks = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limitBytes) throw new BadPayload(`more than ${limitBytes} bytes: too large for one picture`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* idx(source) {
  let rest = Buffer.alloc(0);
  let expected = -1;
  let seen = 0;
  for await (const chunk of source) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (expected < 0) {
      if (rest.length < 16) continue;
      expected = idxCount(rest);
      rest = rest.subarray(16);
    }
    let at = 0;
    for (; at + PIXELS <= rest.length; at += PIXELS) {
      if (seen === expected) break;
      seen++;
      yield rest.subarray(at, at + PIXELS);
    }
    rest = rest.subarray(at);
  }
  if (expected < 0) throw new BadPayload("shorter than the 16 bytes of an IDX header");
  if (seen !== expected || rest.length > 0) {
    throw new BadPayload(
      `the IDX header says ${expected} images; ${seen} came${rest.length > 0 ? ` and ${rest.length} more bytes` : ""}`,
    );
  }
}

function idxCount(bytes) {
  const [magic, count, rows, columns] = [0, 4, 8, 12].map((offset) => bytes.readUInt32BE(offset));
  if (magic !== IDX_MAGIC) throw new BadPayload("not an IDX file of pictures (magic number 0x00000803 missing)");
  if (rows !== 28 || columns !== 28) throw new BadPayload(`pictures of ${columns} x ${rows}: expected 28 x 28`);
  return count;
}

module.exports = { imagesOf, BadPayload };
