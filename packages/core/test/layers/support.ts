import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import { valueOf, valuesOf } from '../values.js';

/** A fixed tensor without symmetries: sin(0), sin(1), sin(2) ... */
export function ramp(shape: number[], scale = 1): tf.Tensor {
  // On the host: WGSL allows a sine an error of 2^-11, more than what is expected of the layers.
  return tf.tensor(Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => scale * Math.sin(i)), shape);
}

/** Sets every weight of a network, those that are not trained too, to a tensor without symmetries. */
function fillWeights(network: tf.LayersModel): void {
  for (const weight of network.weights) {
    tf.tidy(() => void weight.write(tf.add(ramp(weight.shape as number[], 0.5), 0.1)));
  }
}

/** One layer as a network, its weights filled. */
export function networkOf(layer: tf.layers.Layer): tf.Sequential {
  const network = tf.sequential({ layers: [layer] });
  fillWeights(network);
  return network;
}

/** Saves a network as TF.js does - JSON and weights - and loads it again with `tf.loadLayersModel`. */
async function savedAndLoaded(network: tf.LayersModel): Promise<tf.LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler((saved) => {
      artifacts = JSON.parse(JSON.stringify({ ...saved, weightData: undefined })) as tf.io.ModelArtifacts;
      artifacts.weightData = saved.weightData as ArrayBuffer;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const } });
    }),
  );
  return tf.loadLayersModel(tf.io.fromMemory(artifacts as tf.io.ModelArtifacts));
}

/** Expects that a network gives the same values after saving and loading, and that its layer says what it is. */
export async function expectRoundTrip(layer: tf.layers.Layer, inputShape: number[]): Promise<void> {
  const network = networkOf(layer);
  const loaded = await savedAndLoaded(network);
  const input = ramp(inputShape);
  const [before, after] = await Promise.all([network, loaded].map((one) => valuesOf(tf.tidy(() => one.predict(input) as tf.Tensor))));
  expect(before).toEqual(after);
  expect(loaded.layers[0]?.getClassName()).toBe(layer.getClassName());
  expect(loaded.layers[0]?.getConfig()).toEqual(layer.getConfig());
  expect(loaded.trainableWeights.map(({ shape }) => shape)).toEqual(network.trainableWeights.map(({ shape }) => shape));
  input.dispose();
  network.dispose();
  loaded.dispose();
}

/** Expects a tensor, which is disposed, to have these values. */
export async function expectClose(actual: tf.Tensor, expected: ArrayLike<number>, tolerance = 1e-5): Promise<void> {
  const values = await valuesOf(actual);
  expect(values).toHaveLength(expected.length);
  const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))), 0);
  expect(worst, `${values.slice(0, 8).join(', ')} ... instead of ${Array.from(expected).slice(0, 8).join(', ')} ...`).toBeLessThan(tolerance);
}

/**
 * Expects the derivative of `loss` at `x` along a fixed direction to be what central differences say. For second
 * order, let `loss` hold a gradient.
 */
export async function expectGradient(loss: (x: tf.Tensor) => tf.Scalar, x: tf.Tensor, tolerance = 1e-3, step = 1e-2): Promise<void> {
  const direction = tf.tidy(() => tf.cos(tf.reshape(tf.range(0, x.size), x.shape)));
  const at = (t: number): Promise<number> => valueOf(() => loss(tf.add(x, tf.mul(direction, t))));
  const exact = await valueOf(() => tf.sum(tf.mul(tf.grad(loss)(x), direction)));
  // Richardson's extrapolation of two central differences: the error goes with step^4.
  const central = async (h: number): Promise<number> => ((await at(h)) - (await at(-h))) / (2 * h);
  const numeric = (4 * (await central(step / 2)) - (await central(step))) / 3;
  direction.dispose();
  expect(Math.abs(exact - numeric), `gradient ${exact}, by differences ${numeric}`).toBeLessThan(tolerance * Math.max(1, Math.abs(numeric)));
}

/** A fixed linear functional without symmetries, to make a scalar of a layer's output. */
export function functional(y: tf.Tensor): tf.Scalar {
  return tf.sum(tf.mul(y, tf.reshape(tf.cos(tf.mul(tf.range(0, y.size), 1.3)), y.shape)));
}
