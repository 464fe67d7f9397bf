// The forward pass of the digit network: 784 pixels, one hidden layer (rectified), ten digits (softmax).
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const PIXELS = 784;

/** Reads `model.json` from the folder SageMaker mounts the model at. Throws when it is missing or has other sizes. */
function loadNetwork(folder) {
  const model = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
  const layers = model.layers.map((layer) => {
    const weights = floats(layer.weights);
    const biases = floats(layer.biases);
    if (weights.length !== layer.inputs * layer.outputs || biases.length !== layer.outputs) {
      throw new Error(`model.json: a layer of ${layer.inputs} x ${layer.outputs} holds ${weights.length} weights`);
    }
    return { inputs: layer.inputs, outputs: layer.outputs, weights, biases };
  });
  if (layers.length !== 2 || layers[0].inputs !== PIXELS || layers[1].outputs !== 10) {
    throw new Error("model.json: expected 784 inputs, one hidden layer and 10 outputs");
  }
  return { hidden: layers[0], digits: layers[1] };
}

function floats(base64) {
  const bytes = Buffer.from(base64, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** The digit in one image of 784 grey values (0 black to 255 white) and how sure the network is, 0 to 1. */
function classify(network, pixels) {
  const { hidden, digits } = network;
  const activations = Float32Array.from(hidden.biases);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const value = pixels[pixel] / 255;
    if (value === 0) continue; // four pixels of five are black
    const row = pixel * hidden.outputs;
    for (let unit = 0; unit < hidden.outputs; unit++) activations[unit] += value * hidden.weights[row + unit];
  }
  const scores = Float64Array.from(digits.biases);
  for (let unit = 0; unit < hidden.outputs; unit++) {
    const value = activations[unit];
    if (value <= 0) continue;
    for (let digit = 0; digit < 10; digit++) scores[digit] += value * digits.weights[unit * 10 + digit];
  }
  let best = 0;
  for (let digit = 1; digit < 10; digit++) if (scores[digit] > scores[best]) best = digit;
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - scores[best]);
  return { digit: best, confidence: Math.round(10_000 / sum) / 10_000 };
}

module.exports = { loadNetwork, classify, PIXELS };
