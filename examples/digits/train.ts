/**
 * Trains the digit network and writes `model/model.json` and the sample payloads. Same seed, same file: a test trains a shorter run and checks
 * the committed one's accuracy. Run with `npm run train` (about six seconds).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DigitSet, pixelsPerImage, readDigitSet } from "./digit-set";
import { writeSamples } from "./payloads";

export interface Network {
  readonly hidden: { readonly weights: Float32Array; readonly biases: Float32Array };
  readonly digits: { readonly weights: Float32Array; readonly biases: Float32Array };
  readonly hiddenUnits: number;
}

export interface TrainingOptions {
  readonly epochs: number;
  readonly hiddenUnits: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Called after each epoch with its number, counted from 1. */
  readonly onEpoch?: (epoch: number, network: Network) => void;
}

/** Stochastic gradient descent on cross-entropy, one image a step, the step shrinking by a third each epoch. */
export function train(set: DigitSet, options: TrainingOptions): Network {
  const random = mulberry32(options.seed);
  const network = freshNetwork(options.hiddenUnits, random);
  const order = Array.from(set.labels.keys());
  let rate = options.learningRate;
  for (let epoch = 1; epoch <= options.epochs; epoch++, rate *= 2 / 3) {
    shuffle(order, random);
    for (const index of order) {
      step(
        network,
        set.images.subarray(index * pixelsPerImage, (index + 1) * pixelsPerImage),
        set.labels[index] ?? 0,
        rate,
      );
    }
    options.onEpoch?.(epoch, network);
  }
  return network;
}

/** The share of images whose digit the network names, 0 to 1. */
export function accuracy(network: Network, set: DigitSet): number {
  let right = 0;
  set.labels.forEach((label, index) => {
    const { scores } = forward(network, set.images.subarray(index * pixelsPerImage, (index + 1) * pixelsPerImage));
    if (scores.indexOf(Math.max(...scores)) === label) right++;
  });
  return right / set.labels.length;
}

function freshNetwork(hiddenUnits: number, random: () => number): Network {
  const spread = (count: number, inputs: number): Float32Array =>
    Float32Array.from({ length: count }, () => (random() + random() + random() - 1.5) * Math.sqrt(4 / inputs));
  return {
    hiddenUnits,
    hidden: { weights: spread(pixelsPerImage * hiddenUnits, pixelsPerImage), biases: new Float32Array(hiddenUnits) },
    digits: { weights: spread(hiddenUnits * 10, hiddenUnits), biases: new Float32Array(10) },
  };
}

function forward(network: Network, pixels: Uint8Array): { activations: Float32Array; scores: number[] } {
  const { hidden, digits, hiddenUnits } = network;
  const activations = Float32Array.from(hidden.biases);
  for (let pixel = 0; pixel < pixelsPerImage; pixel++) {
    const value = (pixels[pixel] as number) / 255;
    if (value === 0) continue;
    const row = pixel * hiddenUnits;
    for (let unit = 0; unit < hiddenUnits; unit++) {
      activations[unit] = (activations[unit] as number) + value * (hidden.weights[row + unit] as number);
    }
  }
  const scores = Array.from(digits.biases);
  for (let unit = 0; unit < hiddenUnits; unit++) {
    const value = activations[unit] as number;
    if (value <= 0) continue;
    for (let digit = 0; digit < 10; digit++) {
      scores[digit] = (scores[digit] as number) + value * (digits.weights[unit * 10 + digit] as number);
    }
  }
  return { activations, scores };
}

function step(network: Network, pixels: Uint8Array, label: number, rate: number): void {
  const { hidden, digits, hiddenUnits } = network;
  const { activations, scores } = forward(network, pixels);
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  const slopes = powers.map((power, digit) => power / sum - (digit === label ? 1 : 0));

  const back = new Float32Array(hiddenUnits);
  for (let unit = 0; unit < hiddenUnits; unit++) {
    const value = activations[unit] as number;
    if (value <= 0) continue;
    let slope = 0;
    for (let digit = 0; digit < 10; digit++) {
      const at = unit * 10 + digit;
      slope += (slopes[digit] as number) * (digits.weights[at] as number);
      digits.weights[at] = (digits.weights[at] as number) - rate * (slopes[digit] as number) * value;
    }
    back[unit] = rate * slope;
  }
  for (let digit = 0; digit < 10; digit++) {
    digits.biases[digit] = (digits.biases[digit] as number) - rate * (slopes[digit] as number);
  }
  for (let pixel = 0; pixel < pixelsPerImage; pixel++) {
    const value = (pixels[pixel] as number) / 255;
    if (value === 0) continue;
    const row = pixel * hiddenUnits;
    for (let unit = 0; unit < hiddenUnits; unit++) {
      hidden.weights[row + unit] = (hidden.weights[row + unit] as number) - (back[unit] as number) * value;
    }
  }
  for (let unit = 0; unit < hiddenUnits; unit++)
    hidden.biases[unit] = (hidden.biases[unit] as number) - (back[unit] as number);
}

function shuffle(list: number[], random: () => number): void {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [list[last], list[other]] = [list[other] as number, list[last] as number];
  }
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function base64(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
}

function main(): void {
  const { training, heldOut } = readDigitSet();
  const network = train(training, {
    epochs: 12,
    hiddenUnits: 48,
    learningRate: 0.05,
    seed: 20_210_820,
    onEpoch: (epoch, so) =>
      console.log(`epoch ${epoch}: ${(accuracy(so, heldOut) * 100).toFixed(2)} % of held-out images right`),
  });
  const folder = join(__dirname, "model");
  mkdirSync(folder, { recursive: true });
  const model = {
    trainedOn: `${training.labels.length} handwritten digits`,
    heldOut: heldOut.labels.length,
    heldOutAccuracy: accuracy(network, heldOut),
    layers: [
      {
        inputs: pixelsPerImage,
        outputs: network.hiddenUnits,
        weights: base64(network.hidden.weights),
        biases: base64(network.hidden.biases),
      },
      {
        inputs: network.hiddenUnits,
        outputs: 10,
        weights: base64(network.digits.weights),
        biases: base64(network.digits.biases),
      },
    ],
  };
  writeFileSync(join(folder, "model.json"), `${JSON.stringify(model)}\n`);
  writeSamples(heldOut);
}

if (require.main === module) main();
