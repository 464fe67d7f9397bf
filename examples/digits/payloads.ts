/**
 * The sample payloads of this example: two pictures, a batch with its labels, a broken picture (all written by
 * `npm run train` from held-out images and committed), and a batch of over 100 MB, generated when it is wanted.
 */

import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DigitSet, pixelsPerImage } from "./digit-set";

const folder = join(__dirname, "payloads");
const batchImages = 500;

/** Files of `payloads/`, each with the content type it is sent as. */
export const samples = {
  seven: { file: join(folder, "seven.pgm"), contentType: "image/x-portable-graymap" },
  three: { file: join(folder, "three.pgm"), contentType: "image/x-portable-graymap" },
  batch: { file: join(folder, "batch.idx3-ubyte"), contentType: "application/x-idx3-ubyte" },
  broken: { file: join(folder, "broken.pgm"), contentType: "image/x-portable-graymap" },
} as const;

/** The digits of the batch, in order. */
export function batchLabels(): Uint8Array {
  return readFileSync(join(folder, "batch.labels"));
}

/** Writes every committed sample from images the network was not trained on. */
export function writeSamples(heldOut: DigitSet): void {
  mkdirSync(folder, { recursive: true });
  const image = (index: number): Uint8Array =>
    heldOut.images.subarray(index * pixelsPerImage, (index + 1) * pixelsPerImage);
  const first = (digit: number): Uint8Array => image(heldOut.labels.indexOf(digit));
  const pgmHeader = Buffer.from("P5\n28 28\n255\n");
  writeFileSync(samples.seven.file, Buffer.concat([pgmHeader, first(7)]));
  writeFileSync(samples.three.file, Buffer.concat([pgmHeader, first(3)]));
  writeFileSync(samples.broken.file, Buffer.concat([pgmHeader, first(5).subarray(0, 300)]));

  // Evenly spread over the held-out images, which are sorted by digit, so that all ten are in it.
  const chosen = Array.from({ length: batchImages }, (_, index) =>
    Math.floor((index * heldOut.labels.length) / batchImages),
  );
  writeFileSync(samples.batch.file, Buffer.concat([idxHeader(batchImages), ...chosen.map(image)]));
  writeFileSync(
    join(folder, "batch.labels"),
    Uint8Array.from(chosen, (index) => heldOut.labels[index] ?? 0),
  );
}

/**
 * Writes an IDX file of the batch's images over and over, each copy moved by one pixel more, until it is larger than
 * `bytes`. It is streamed, so `bytes` may be a gigabyte.
 *
 * @returns how many images it holds
 */
export async function writeLargeBatch(path: string, bytes: number): Promise<number> {
  const batch = readFileSync(samples.batch.file).subarray(16);
  const perCopy = batch.length / pixelsPerImage;
  const copies = Math.ceil(bytes / batch.length);
  const out = createWriteStream(path);
  out.write(idxHeader(copies * perCopy));
  for (let copy = 0; copy < copies; copy++) {
    const shift = copy % 3;
    const moved = shift === 0 ? batch : Buffer.concat([batch.subarray(shift), Buffer.alloc(shift)]);
    if (!out.write(moved)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
  return copies * perCopy;
}

function idxHeader(count: number): Buffer {
  const header = Buffer.alloc(16);
  [0x00000803, count, 28, 28].forEach((value, index) => {
    header.writeUInt32BE(value, index * 4);
  });
  return header;
}
