/**
 * How fast the wasm engine trains: a DCGAN step (32x32x1, 64 filters, batch 64, Adam, discriminator's move and generator's move)
 * beside a forward convolution, in turns. The share is the step's GFLOP/s over the convolution's.
 *
 *   npx tsx --conditions=@ganzoo/source scripts/bench-wasm.ts [--rounds 10] [--threads 2] [--profile]
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { loadEngine } from '../src/load.js';

const BATCH = 64;
const FILTERS = 64;
const LATENT = 100;

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, threads: { type: 'string', default: '2' }, profile: { type: 'boolean', default: false } },
});

const { device } = await loadEngine('wasm', { threads: Number(options.threads) });
console.log(device);

const step = makeStep();
const forward = makeForward();
for (let i = 0; i < 3; i++) {
  forward();
  step();
}
const stepMs: number[] = [];
const forwardMs: number[] = [];
const tensors = tf.memory().numTensors;
for (let round = 0; round < Number(options.rounds); round++) {
  forwardMs.push(time(forward));
  stepMs.push(time(step));
}
if (tf.memory().numTensors !== tensors) throw new Error(`A step leaks ${tf.memory().numTensors - tensors} tensors.`);
const forwardRate = forwardFlops() / median(forwardMs) / 1e6;
const stepRate = stepFlops() / median(stepMs) / 1e6;
console.log(`conv2d forward  ${median(forwardMs).toFixed(1)} ms  ${forwardRate.toFixed(1)} GFLOP/s`);
console.log(`DCGAN step      ${median(stepMs).toFixed(1)} ms  ${stepRate.toFixed(1)} GFLOP/s (${(stepFlops() / 1e9).toFixed(2)} GFLOP)`);
console.log(`share           ${((100 * stepRate) / forwardRate).toFixed(1)} %`);
if (options.profile) await printProfile();

/** The discriminator's second layer, by far the most frequent kind of work in the step. */
function makeForward(): () => void {
  const x = tf.randomNormal<tf.Rank.R4>([BATCH, 16, 16, FILTERS]);
  const filter = tf.randomNormal<tf.Rank.R4>([4, 4, FILTERS, 2 * FILTERS]);
  return () => tf.dispose(tf.conv2d(x, filter, 2, 'same'));
}

function forwardFlops(): number {
  return convolutionFlops(8, FILTERS, 2 * FILTERS);
}

/** Multiplications and additions of one convolution (4x4 kernel, whole batch) with size x size outputs; its two gradients cost the same each. */
function convolutionFlops(size: number, inChannels: number, outChannels: number): number {
  return 2 * BATCH * size * size * 16 * inChannels * outChannels;
}

/**
 * Matrix work only, and only what a step needs: no gradient with respect to images in the discriminator's move, nor with respect to
 * the discriminator's weights in the generator's. The fakes of the first move are made once more in the second.
 */
function stepFlops(): number {
  const dense = 2 * BATCH * LATENT * 64 * 2 * FILTERS;
  const large = convolutionFlops(8, FILTERS, 2 * FILTERS);
  const small = convolutionFlops(16, 1, FILTERS);
  const logit = 2 * BATCH * 64 * 2 * FILTERS;
  const generatorForward = dense + large + small;
  const discriminatorForward = small + large + logit;
  const discriminatorMove = generatorForward + 2 * (discriminatorForward + small + 2 * large + 2 * logit);
  const generatorMove = 2 * discriminatorForward + generatorForward + (dense + 2 * large + 2 * small);
  return discriminatorMove + generatorMove;
}

function makeStep(): () => void {
  const { dense, reshape, batchNormalization, reLU, leakyReLU, conv2d, conv2dTranspose, flatten } = tf.layers;
  const convolution = { kernelSize: 4, strides: 2, padding: 'same' } as const;
  const generator = tf.sequential({
    layers: [
      dense({ units: 64 * 2 * FILTERS, inputShape: [LATENT], useBias: false }),
      reshape({ targetShape: [8, 8, 2 * FILTERS] }),
      batchNormalization({}),
      reLU(),
      conv2dTranspose({ filters: FILTERS, useBias: false, ...convolution }),
      batchNormalization({}),
      reLU(),
      conv2dTranspose({ filters: 1, activation: 'tanh', ...convolution }),
    ],
  });
  const discriminator = tf.sequential({
    layers: [
      conv2d({ filters: FILTERS, inputShape: [32, 32, 1], ...convolution }),
      leakyReLU({ alpha: 0.2 }),
      conv2d({ filters: 2 * FILTERS, useBias: false, ...convolution }),
      batchNormalization({}),
      leakyReLU({ alpha: 0.2 }),
      flatten(),
      dense({ units: 1 }),
    ],
  });
  const optimizers = { generator: tf.train.adam(2e-4, 0.5), discriminator: tf.train.adam(2e-4, 0.5) };
  const real = tf.randomUniform([BATCH, 32, 32, 1], -1, 1);
  const run = (network: tf.LayersModel, x: tf.Tensor): tf.Tensor => network.apply(x, { training: true }) as tf.Tensor;
  const minimize = (network: tf.LayersModel, optimizer: tf.Optimizer, loss: () => tf.Scalar): void => {
    const weights = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const { value, grads } = tf.variableGrads(loss, weights);
    optimizer.applyGradients(grads);
    tf.dispose([value, grads]);
  };
  return () =>
    tf.tidy(() => {
      const latents = tf.randomNormal([BATCH, LATENT]);
      minimize(discriminator, optimizers.discriminator, () => {
        const realLoss = tf.mean(tf.softplus(tf.neg(run(discriminator, real))));
        const fakeLoss = tf.mean(tf.softplus(run(discriminator, run(generator, latents))));
        return tf.add(realLoss, fakeLoss);
      });
      minimize(generator, optimizers.generator, () =>
        tf.mean(tf.softplus(tf.neg(run(discriminator, run(generator, latents))))),
      );
    });
}

function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}

/** Where the step's time goes, by kernel and by output shape. */
async function printProfile(): Promise<void> {
  const totals = new Map<string, { ms: number; calls: number }>();
  const add = (key: string, ms: number): void => {
    const total = totals.get(key) ?? { ms: 0, calls: 0 };
    totals.set(key, { ms: total.ms + ms, calls: total.calls + 1 });
  };
  for (const kernel of tf.getKernelsForBackend('wasm')) {
    tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel({
      ...kernel,
      kernelFunc: (call) => {
        const start = performance.now();
        const out = kernel.kernelFunc(call);
        const shapes = [out].flat().map((tensor) => `[${tensor.shape}]`);
        add(`${kernel.kernelName} ${shapes.join(' ')}`, performance.now() - start);
        return out;
      },
    });
  }
  const ms = time(step);
  const rows = [...totals].sort(([, a], [, b]) => b.ms - a.ms);
  const inKernels = rows.reduce((sum, [, total]) => sum + total.ms, 0);
  console.log(`\none step ${ms.toFixed(1)} ms, ${inKernels.toFixed(1)} of them in kernels:`);
  for (const [key, total] of rows.slice(0, 45)) {
    console.log(`${total.ms.toFixed(2).padStart(8)} ms ${String(total.calls).padStart(4)} x ${key}`);
  }
}
