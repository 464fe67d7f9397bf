import { join } from "node:path";
import type { Payload } from "../../client/payload";
import { batchLabels, samples, writeLargeBatch } from "../../examples/digits/payloads";

/** One request the rehearsal sends, and what its answer must be. */
export interface Sample {
  /** For the table, e.g. `seven.pgm`. */
  readonly name: string;
  readonly payload: Payload;
  readonly contentType: string;
  /** How it must end. */
  readonly ends: "completed" | "failed";
  /** Looks at the answer's text: what it says, in words; throws an Error saying what is wrong with it. */
  readonly judge: (text: string) => string;
}

interface Answer {
  readonly digit: number;
  readonly confidence: number;
}

const largeBatchBytes = 105_000_000;

/** One picture of a seven. */
export const seven: Sample = picture("seven.pgm", samples.seven, 7);

/**
 * The payloads of the digits example: two pictures, a batch whose answers are compared with its labels, a broken
 * picture that must fail, and a batch of over 100 MB written to `folder`.
 */
export async function digitSamples(folder: string): Promise<Sample[]> {
  const large = join(folder, "large.idx3-ubyte");
  const images = await writeLargeBatch(large, largeBatchBytes);
  const labels = batchLabels();
  return [
    seven,
    picture("three.pgm", samples.three, 3),
    {
      name: "batch.idx3-ubyte",
      payload: { path: samples.batch.file },
      contentType: samples.batch.contentType,
      ends: "completed",
      judge: (text) => {
        const answers = parse(text, labels.length);
        const right = answers.filter(({ digit }, index) => digit === labels[index]).length;
        // The committed model names 96 of 100 held-out digits; fewer than 90 means that something else answered.
        if (right < 0.9 * labels.length) throw new Error(`only ${right} of ${labels.length} digits are right`);
        return `${right} of ${labels.length} digits right`;
      },
    },
    {
      name: "broken.pgm",
      payload: { path: samples.broken.file },
      contentType: samples.broken.contentType,
      ends: "failed",
      judge: (text) => {
        if (!text.includes("300 pixels: expected 784"))
          throw new Error(`the failure object says "${text.slice(0, 200)}"`);
        return "refused by the model: 300 pixels: expected 784";
      },
    },
    {
      name: "large.idx3-ubyte",
      payload: { path: large },
      contentType: samples.batch.contentType,
      ends: "completed",
      judge: (text) => `${parse(text, images).length} digits`,
    },
  ];
}

function picture(name: string, sample: { file: string; contentType: string }, expected: number): Sample {
  return {
    name,
    payload: { path: sample.file },
    contentType: sample.contentType,
    ends: "completed",
    judge: (text) => {
      const [{ digit, confidence }] = parse(text, 1) as [Answer];
      if (digit !== expected) throw new Error(`the picture of a ${expected} was read as a ${digit}`);
      return `a ${digit}, ${Math.round(confidence * 100)} % sure`;
    },
  };
}

function parse(text: string, count: number): Answer[] {
  const lines = text.trimEnd().split("\n");
  if (lines.length !== count) throw new Error(`${lines.length} answers for ${count} pictures`);
  return lines.map((line) => JSON.parse(line) as Answer);
}
