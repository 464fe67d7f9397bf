import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import { type DigitSet, pixelsPerImage, readDigitSet } from "../../examples/digits/digit-set";
import { batchLabels, samples } from "../../examples/digits/payloads";
import { accuracy, train } from "../../examples/digits/train";

const folder = join(__dirname, "../../examples/digits");
const load = createRequire(__filename);
const { loadNetwork, classify } = load(join(folder, "network.js")) as {
  loadNetwork(folder: string): object;
  classify(network: object, pixels: Uint8Array): { digit: number; confidence: number };
};
const { imagesOf } = load(join(folder, "image-formats.js")) as {
  imagesOf(contentType: string, source: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
};

async function* chunks(...parts: Buffer[]): AsyncIterable<Buffer> {
  yield* parts;
}

async function read(contentType: string, ...parts: Buffer[]): Promise<Buffer[]> {
  const images: Buffer[] = [];
  for await (const image of imagesOf(contentType, chunks(...parts))) images.push(Buffer.from(image));
  return images;
}

describe("the digits example", () => {
  it("names as many held-out digits in the container as the training printed", () => {
    const { heldOut } = readDigitSet();
    const network = loadNetwork(join(folder, "model"));
    let right = 0;
    heldOut.labels.forEach((label, index) => {
      const pixels = heldOut.images.subarray(index * pixelsPerImage, (index + 1) * pixelsPerImage);
      if (classify(network, pixels).digit === label) right++;
    });
    const model = JSON.parse(readFileSync(join(folder, "model/model.json"), "utf8")) as { heldOutAccuracy: number };
    assert.equal(heldOut.labels.length, 1996);
    assert.equal(right / heldOut.labels.length, model.heldOutAccuracy);
    assert.ok(model.heldOutAccuracy > 0.95);
  });

  it("trains the same network from the same seed, and one that has learnt something", () => {
    const { training, heldOut } = readDigitSet();
    const part: DigitSet = thinned(training, 8);
    const options = { epochs: 2, hiddenUnits: 16, learningRate: 0.05, seed: 7 };
    const once = train(part, options);
    assert.deepEqual(once, train(part, options));
    assert.notDeepEqual(once, train(part, { ...options, seed: 8 }));
    assert.ok(accuracy(once, heldOut) > 0.7, `only ${accuracy(once, heldOut)} of the held-out digits`);
  });

  it("reads a batch the same however its bytes arrive", async () => {
    const file = readFileSync(samples.batch.file).subarray(0, 16 + 5 * pixelsPerImage);
    const five = Buffer.from(file);
    five.writeUInt32BE(5, 4);
    const expected = Array.from({ length: 5 }, (_, index) =>
      Buffer.from(five.subarray(16 + index * pixelsPerImage, 16 + (index + 1) * pixelsPerImage)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: five.length - 1 }), { maxLength: 12 }), async (cuts) => {
        const edges = [0, ...[...new Set(cuts)].sort((left, right) => left - right), five.length];
        const parts = edges.slice(1).map((edge, index) => five.subarray(edges[index], edge));
        assert.deepEqual(await read("application/x-idx3-ubyte", ...parts), expected);
      }),
      { numRuns: 50 },
    );
  });

  it("refuses what is not what its type says, in words a person can act on", async () => {
    const batch = readFileSync(samples.batch.file);
    const rows: Array<[string, Buffer, string]> = [
      ["image/x-portable-graymap", readFileSync(samples.broken.file), "300 pixels: expected 784"],
      [
        "image/x-portable-graymap",
        Buffer.from("GIF89a"),
        "not a binary PGM picture (it does not begin with P5 and three numbers)",
      ],
      [
        "image/x-portable-graymap",
        Buffer.from("P5\n2 2\n255\nabcd"),
        "a picture of 2 x 2 with white at 255: expected 28 x 28 with white at 255",
      ],
      ["application/x-idx3-ubyte", batch.subarray(0, 10), "shorter than the 16 bytes of an IDX header"],
      ["application/x-idx3-ubyte", batch.subarray(0, 16 + 784), "the IDX header says 500 images; 1 came"],
      ["application/x-idx3-ubyte", Buffer.alloc(16), "not an IDX file of pictures (magic number 0x00000803 missing)"],
      [
        "text/csv",
        Buffer.from("1"),
        'unknown content type "text/csv": expected image/x-portable-graymap or application/x-idx3-ubyte',
      ],
    ];
    for (const [contentType, bytes, message] of rows) await assert.rejects(read(contentType, bytes), { message });
  });

  it("carries a label for each picture of its batch, all ten digits among them", () => {
    assert.equal(batchLabels().length, 500);
    assert.deepEqual([...new Set(batchLabels())].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

function thinned(set: DigitSet, every: number): DigitSet {
  const kept = [...set.labels.keys()].filter((index) => index % every === 0);
  const images = new Uint8Array(kept.length * pixelsPerImage);
  kept.forEach((from, to) => {
    images.set(set.images.subarray(from * pixelsPerImage, (from + 1) * pixelsPerImage), to * pixelsPerImage);
  });
  return { images, labels: Uint8Array.from(kept, (index) => set.labels[index] ?? 0) };
}
