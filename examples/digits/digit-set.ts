import { createRequire } from "node:module";

/** Handwritten digits: `images` holds 784 grey values (0 to 255) each, one after another. */
export interface DigitSet {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

export const pixelsPerImage = 784;

/**
 * The 10,000 handwritten digits that the `mnist` package ships (grey values 0 to 1), every fifth of each digit held out
 * of training.
 */
export function readDigitSet(): { readonly training: DigitSet; readonly heldOut: DigitSet } {
  const load = createRequire(__filename);
  const training: Array<{ label: number; pixels: number[] }> = [];
  const heldOut: typeof training = [];
  for (let label = 0; label < 10; label++) {
    const { data } = load(`mnist/src/digits/${label}.json`) as { data: number[] };
    for (let index = 0; (index + 1) * pixelsPerImage <= data.length; index++) {
      const pixels = data.slice(index * pixelsPerImage, (index + 1) * pixelsPerImage);
      (index % 5 === 4 ? heldOut : training).push({ label, pixels });
    }
  }
  return { training: packed(training), heldOut: packed(heldOut) };
}

function packed(samples: ReadonlyArray<{ label: number; pixels: number[] }>): DigitSet {
  const images = new Uint8Array(samples.length * pixelsPerImage);
  samples.forEach(({ pixels }, index) => {
    images.set(
      pixels.map((grey) => Math.round(grey * 255)),
      index * pixelsPerImage,
    );
  });
  return { images, labels: Uint8Array.from(samples, ({ label }) => label) };
}
