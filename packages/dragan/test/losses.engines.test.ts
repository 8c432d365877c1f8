import { configFor, type Move, type Player, Random, resolveConfig } from '@ganzoo/core';
import { dragan } from '@ganzoo/dragan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { perturbed } from '../src/perturb.js';

const points = { name: 'points', kind: 'vectors', shape: [2] } as const;

/** A network without hidden layers: x -> x w + b. */
function linear(name: string, kernel: number[], bias: number[]): tf.LayersModel {
  const network = tf.sequential({ name, layers: [tf.layers.dense({ units: bias.length, inputShape: [2] })] });
  tf.tidy(() => network.setWeights([tf.tensor2d(kernel, [2, bias.length]), tf.tensor1d(bias)]));
  return network;
}

const softplus = (a: number): number => Math.log1p(Math.exp(a));
const nothing = { get: (what: string): never => { throw new Error(`no ${what}`); } };

/** The losses with D(x) = .3 x_1 - .4 x_2 and G(z) = (1, 2), where D = -.5, on the real points (1, 0) and (0, 1), where D = .3 and -.4. */
async function lossesOf(name: 'discriminator' | 'generator'): Promise<Record<string, number>> {
  const scalars = tf.tidy(() => {
    const networks = { discriminator: linear('discriminator', [0.3, -0.4], [0]), generator: linear('generator', [0, 0, 0, 0], [1, 2]) };
    const model = dragan.build(configFor(dragan, points, { lambda: 10, k: 1 }), points, Random.of(0));
    const batch = { size: 2, real: tf.tensor2d([1, 0, 0, 1], [2, 2]) } as unknown as Move['batch'];
    const player = model.players.find((player) => player.name === name) as Player;
    const { total, log } = player.loss({ networks, state: nothing, batch, random: Random.of(1), scalars: nothing, shared: nothing, plan: {} });
    tf.dispose([...Object.values(networks), ...Object.values(model.networks)].flatMap((network) => network.weights.map((weight) => weight.read())));
    return { total, ...log };
  });
  const values = await Promise.all(Object.entries(scalars).map(async ([key, scalar]) => [key, (await scalar.data())[0]]));
  tf.dispose(scalars);
  return Object.fromEntries(values) as Record<string, number>;
}

describe('the losses, with a linear discriminator', () => {
  it('of D are those of a GAN and 10 (|w| - 1)^2 = 10 (.5 - 1)^2 on the logits', async () => {
    const { total, adversarial, penalty, gradientNorm } = await lossesOf('discriminator');
    const expected = (softplus(-0.3) + softplus(0.4)) / 2 + softplus(-0.5);
    expect(adversarial).toBeCloseTo(expected, 5);
    expect(gradientNorm).toBeCloseTo(0.5, 5);
    expect(penalty).toBeCloseTo(0.25, 5);
    expect(total).toBeCloseTo(expected + 2.5, 5);
  });

  it('of G are the non-saturating ones', async () => {
    const { total } = await lossesOf('generator');
    expect(total).toBeCloseTo(softplus(0.5), 5);
  });
});

describe('the points near the data', () => {
  it('are up to half a standard deviation above them, each sample up to its own share of it', async () => {
    const moved = tf.tidy(() => {
      const x = tf.reshape(tf.concat([tf.neg(tf.ones([2000])), tf.mul(3, tf.ones([2000]))]), [80, 50]); // standard deviation 2
      return tf.sub(perturbed(x, Random.of(2)), x);
    });
    const shifts = (await moved.array()) as number[][];
    moved.dispose();
    const largest = shifts.map((shift) => Math.max(...shift));
    expect(Math.min(...shifts.flat())).toBeGreaterThanOrEqual(0);
    expect(Math.max(...largest)).toBeLessThan(1);
    expect(Math.max(...largest)).toBeGreaterThan(0.85);
    expect(Math.min(...largest)).toBeLessThan(0.15); // alpha is per sample: some move hardly at all
    const mean = shifts.flat().reduce((sum, shift) => sum + shift, 0) / 4000;
    expect(Math.abs(mean - 0.25)).toBeLessThan(0.06); // E alpha E u = 1/4; 80 alphas: standard error .016
  });
});

describe('the config', () => {
  it("has the authors' defaults, and refuses nonsense", () => {
    expect(resolveConfig('dragan', dragan.config)).toMatchObject({ lambda: 10, k: 1, learningRate: 1e-4, beta1: 0.5, beta2: 0.9, batchSize: 128 });
    expect(() => resolveConfig('dragan', dragan.config, { lambda: -1 })).toThrow(/'lambda' is -1/);
    expect(() => resolveConfig('dragan', dragan.config, { learningRate: 0 })).toThrow(/'learningRate' is 0/);
  });
});
