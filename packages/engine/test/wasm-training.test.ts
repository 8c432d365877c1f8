import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { registerWasmTrainingKernels } from '../src/wasm/index.js';
import { numbers, tensor, wrongNumbers } from './support/compare.js';

registerWasmTrainingKernels();

/** A small DCGAN whose weights start from the same numbers on every engine. */
function smallGan(): { networks: tf.LayersModel[]; step: () => number[]; weights: () => number[]; dispose: () => void } {
  const { dense, reshape, batchNormalization, reLU, leakyReLU, conv2d, conv2dTranspose, flatten } = tf.layers;
  const convolution = { kernelSize: 4, strides: 2, padding: 'same' } as const;
  const generator = tf.sequential({
    layers: [
      dense({ units: 3 * 3 * 12, inputShape: [7] }), reshape({ targetShape: [3, 3, 12] }), batchNormalization({}), reLU(),
      conv2dTranspose({ filters: 9, useBias: false, ...convolution }), batchNormalization({}), reLU(),
      conv2dTranspose({ filters: 2, activation: 'tanh', ...convolution }),
    ],
  });
  const discriminator = tf.sequential({
    layers: [
      conv2d({ filters: 9, inputShape: [12, 12, 2], ...convolution }), leakyReLU({ alpha: 0.2 }),
      conv2d({ filters: 12, useBias: false, ...convolution }), batchNormalization({}), leakyReLU({ alpha: 0.2 }),
      flatten(), dense({ units: 1 }),
    ],
  });
  const networks = [generator, discriminator];
  networks.forEach((network, i) =>
    tf.tidy(() => network.setWeights(network.getWeights().map((weight, j) =>
      // Batch norm's scales and variances are positive; a shift of one keeps all of them so.
      tf.add(tf.mul(tensor(weight.shape, 10 * i + j + 1), 0.3), weight.rank === 1 ? 1 : 0),
    ))),
  );
  // Plain gradient descent: Adam divides by gradients that may be rounding errors, and so compares noise.
  const optimizer = tf.train.sgd(0.02);
  const run = (network: tf.LayersModel, x: tf.Tensor): tf.Tensor => network.apply(x, { training: true }) as tf.Tensor;
  const minimize = (network: tf.LayersModel, loss: () => tf.Scalar): number => {
    const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { value, grads } = tf.variableGrads(loss, variables);
    optimizer.applyGradients(grads);
    return value.dataSync()[0] as number;
  };
  const step = (): number[] => {
    const losses: number[] = [];
    tf.tidy(() => {
      const [z, real] = [tensor([5, 7], 90), tensor([5, 12, 12, 2], 91)];
      losses.push(minimize(discriminator, () => {
        const realLoss = tf.mean(tf.softplus(tf.neg(run(discriminator, real))));
        return tf.add(realLoss, tf.mean(tf.softplus(run(discriminator, run(generator, z)))));
      }));
      losses.push(minimize(generator, () => tf.mean(tf.softplus(tf.neg(run(discriminator, run(generator, z)))))));
    });
    return losses;
  };
  return {
    networks,
    step,
    weights: () => networks.flatMap((network) => network.getWeights().flatMap((weight) => [...weight.dataSync()])),
    dispose: () => { networks.forEach((network) => network.dispose()); optimizer.dispose(); },
  };
}

describe('a GAN', () => {
  test('trains on wasm as in plain JavaScript: the same losses and weights after three steps', async () => {
    const runs: { losses: number[]; weights: number[] }[] = [];
    for (const engine of ['cpu', 'wasm']) {
      await tf.setBackend(engine);
      const gan = smallGan();
      const losses = [gan.step(), gan.step(), gan.step()].flat();
      runs.push({ losses, weights: gan.weights() });
      gan.dispose();
    }
    const [reference, wasm] = runs as [(typeof runs)[number], (typeof runs)[number]];
    expect(wrongNumbers(wasm.losses, reference.losses)).toEqual([]);
    expect(wrongNumbers(wasm.weights, reference.weights)).toEqual([]);
    expect(new Set(reference.losses).size).toBe(6);
  });

  test('takes the same step twice from the same start, bit for bit', async () => {
    await tf.setBackend('wasm');
    const runs = [0, 1].map(() => {
      const gan = smallGan();
      gan.step();
      const weights = gan.weights();
      gan.dispose();
      return weights;
    });
    expect(runs[1]).toEqual(runs[0]);
  });

  test('leaves nothing behind: tensors, data and memory stay as they are over steps', async () => {
    await tf.setBackend('wasm');
    const backend = tf.backend() as unknown as { numDataIds(): number; wasm: { HEAPU8: Uint8Array } };
    const gan = smallGan();
    const state = (): number[] => [tf.memory().numTensors, tf.memory().numBytes, backend.numDataIds(), backend.wasm.HEAPU8.byteLength];
    gan.step();
    const before = state();
    for (let i = 0; i < 20; i++) gan.step();
    expect(state()).toEqual(before);
    gan.dispose();
  });
});

test('a gradient penalty of a convolutional critic has the gradient of central differences', async () => {
  await tf.setBackend('wasm');
  const filters = { first: [4, 4, 2, 9], second: [3 * 3 * 9, 1] };
  const penalty = (first: tf.Tensor, second: tf.Tensor): tf.Scalar => {
    const score = (x: tf.Tensor): tf.Tensor => {
      const hidden = tf.softplus(tf.conv2d(x as tf.Tensor4D, first as tf.Tensor4D, 2, 'same'));
      return tf.sum(tf.matMul(tf.reshape(hidden, [3, -1]), second as tf.Tensor2D));
    };
    const slope = tf.grad(score)(tensor([3, 6, 6, 2], 3));
    const norms = tf.sqrt(tf.sum(tf.square(slope), [1, 2, 3]));
    return tf.mean(tf.square(tf.sub(norms, 1)));
  };
  const start = numbers(filters.first, 1);
  const second = tensor(filters.second, 2);
  const at = (values: number[]): number =>
    tf.tidy(() => penalty(tf.tensor(values, filters.first), second).dataSync()[0] as number);
  const gradient = tf.tidy(() => {
    const [wrt] = tf.grads(penalty)([tf.tensor(start, filters.first), second]);
    return [...(wrt as tf.Tensor).dataSync()];
  });
  const step = 1e-2;
  const some = start.map((_, i) => i).filter((i) => i % 17 === 0);
  const slopes = some.map((i) => (at(start.with(i, (start[i] as number) + step)) - at(start.with(i, (start[i] as number) - step))) / (2 * step));
  expect(wrongNumbers(some.map((i) => gradient[i] as number), slopes, 5e-3)).toEqual([]);
});

test('every kernel of plain JavaScript that computes on float32 is there on wasm', () => {
  const names = (engine: string): string[] => tf.getKernelsForBackend(engine).map((kernel) => kernel.kernelName);
  // Complex numbers, Fourier transforms, strings, ragged tensors and drawing: nothing that a GAN trains through.
  const beside = new Set([
    'Complex', 'ComplexAbs', 'Real', 'Imag', 'FFT', 'IFFT', 'Draw', 'RaggedGather', 'RaggedRange', 'RaggedTensorToTensor', 'StaticRegexReplace',
  ]);
  const have = new Set(names('wasm'));
  expect(names('cpu').filter((name) => !have.has(name) && !beside.has(name))).toEqual([]);
});
