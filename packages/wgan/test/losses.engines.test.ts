import { configFor, type Move, type Player, Random, resolveConfig, Trainer } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import { wgan, wganGp } from '@ganzoo/wgan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

const points = { name: 'points', kind: 'vectors', shape: [2] } as const;
const images = { name: 'blobs', kind: 'images', shape: [28, 28, 1] } as const;

/** A network without hidden layers: x -> x w + b. */
function linear(name: string, inputs: number, kernel: number[], bias: number[]): tf.LayersModel {
  const network = tf.sequential({ name, layers: [tf.layers.dense({ units: bias.length, inputShape: [inputs] })] });
  tf.tidy(() => network.setWeights([tf.tensor2d(kernel, [inputs, bias.length]), tf.tensor1d(bias)]));
  return network;
}

const real = [1, 2, 3, 4, 5, 6, 7, 9]; // four points; their sums along (3, -4): -5, -7, -9, -15

/**
 * The losses of a player with f(x) = 3 x_1 - 4 x_2 + 10 and G(z) = (1, -2), by which f = 21. Means of f: 1 over the real points.
 */
async function lossesOf(variant: typeof wgan | typeof wganGp, name: 'critic' | 'generator', config: Record<string, unknown> = {}): Promise<Record<string, number>> {
  const scalars = tf.tidy(() => {
    const networks = { critic: linear('critic', 2, [3, -4], [10]), generator: linear('generator', 2, [0, 0, 0, 0], [1, -2]) };
    const resolved = configFor<typeof wgan.config>(variant as typeof wgan, points, { batchSize: 4, ...config });
    const model = (variant as typeof wgan).build(resolved, points, Random.of(0));
    const player = model.players.find((player) => player.name === name) as Player;
    const nothing = { get: (what: string): never => { throw new Error(`no ${what}`); } };
    const batch = { size: 4, real: tf.tensor2d(real, [4, 2]) } as unknown as Move['batch'];
    const { total, log } = player.loss({ networks, state: nothing, batch, random: Random.of(5), scalars: nothing, shared: nothing, plan: {} });
    tf.dispose([...Object.values(networks), ...Object.values(model.networks)].flatMap((network) => network.weights.map((weight) => weight.read())));
    return { total, ...log };
  });
  const values = await Promise.all(Object.entries(scalars).map(async ([key, scalar]) => [key, (await scalar.data())[0]]));
  tf.dispose(scalars);
  return Object.fromEntries(values) as Record<string, number>;
}

describe('the losses, with a linear critic', () => {
  it('of WGAN: E f(G(z)) - E f(x), logged with the sign of a distance; and -E f(G(z))', async () => {
    expect(await lossesOf(wgan, 'critic')).toEqual({ total: 20, wasserstein: -20 });
    expect(await lossesOf(wgan, 'generator')).toEqual({ total: -21 });
  });

  it('of WGAN-GP: the penalty is (|w| - 1)^2 = 16 wherever the gradient is taken', async () => {
    const { total, wasserstein, penalty, gradientNorm } = await lossesOf(wganGp, 'critic', { lambda: 10 });
    expect(wasserstein).toBeCloseTo(-20, 4);
    expect(gradientNorm).toBeCloseTo(5, 5);
    expect(penalty).toBeCloseTo(16, 4);
    expect(total).toBeCloseTo(20 + 10 * 16, 3);
    expect(await lossesOf(wganGp, 'generator')).toEqual({ total: -21 });
  });
});

describe("WGAN's weights", () => {
  it('are within the clip after every move of the critic; gamma and beta are left alone', async () => {
    const config = { filters: 4, batchSize: 2, latentDim: 4, warmUpSteps: 0, refreshEvery: 1000, nCritic: 2, warmUpMoves: 2, learningRate: 1e-3, clip: 0.005 } as const;
    const trainer = new Trainer({ variant: wgan, dataset: syntheticDataset(images), config });
    const { critic } = trainer.model.networks;
    const largest = async (role: RegExp): Promise<number> => {
      const weights = (critic?.trainableWeights ?? []).filter(({ originalName }) => role.test(originalName)).map((weight) => weight.read());
      const maximum = tf.tidy(() => tf.max(tf.stack(weights.map((weight) => tf.max(tf.abs(weight))))));
      const [value] = await maximum.data();
      maximum.dispose();
      return value as number;
    };
    const seen: [number, number][] = [];
    const look = async ({ player }: { player: { name: string } }): Promise<void> => {
      if (player.name === 'critic') seen.push([await largest(/kernel|bias/), await largest(/gamma/)]);
    };
    await trainer.train({ steps: 2, callbacks: [{ onMove: look }] });
    expect(seen).toHaveLength(4);
    for (const [clipped, gamma] of seen) {
      expect(clipped).toBeLessThanOrEqual(Math.fround(0.005));
      expect(clipped).toBeGreaterThan(0.004);
      expect(gamma).toBeGreaterThan(0.9);
    }
    trainer.dispose();
  });
});

describe('the configs', () => {
  const moves = (steps: number[], config: Record<string, unknown> = {}): (number | undefined)[] =>
    tf.tidy(() => {
      const model = wgan.build(configFor(wgan, points, config), points, Random.of(0));
      const counts = steps.map((step) => model.plan?.(step).moves?.critic);
      tf.dispose(Object.values(model.networks).flatMap((network) => network.weights.map((weight) => weight.read())));
      return counts;
    });

  it('give the critic 100 moves in the first 25 steps and in every 500th, else 5', () => {
    expect(moves([0, 1, 24, 25, 26, 499, 500, 501, 1000])).toEqual([100, 100, 100, 5, 5, 5, 100, 5, 100]);
    expect(moves([0, 1, 2, 10, 20], { warmUpSteps: 2, warmUpMoves: 7, nCritic: 3, refreshEvery: 10 })).toEqual([7, 7, 3, 7, 7]);
  });

  it("have the papers' defaults", () => {
    expect(resolveConfig('wgan', wgan.config)).toMatchObject({ learningRate: 5e-5, clip: 0.01, nCritic: 5, batchSize: 64 });
    expect(resolveConfig('wgan-gp', wganGp.config)).toMatchObject({ learningRate: 1e-4, beta1: 0, beta2: 0.9, lambda: 10, nCritic: 5, batchSize: 64 });
    expect(configFor(wganGp, points)).toMatchObject({ lambda: 0.1, batchSize: 256, latentDim: 2 });
    expect(configFor(wganGp, points, { lambda: 3 })).toMatchObject({ lambda: 3 });
  });

  it('refuse a critic that never moves, a negative rate, a clip of 0 and a negative lambda', () => {
    expect(() => resolveConfig('wgan', wgan.config, { nCritic: 0 })).toThrow(/'nCritic' is 0/);
    expect(() => resolveConfig('wgan-gp', wganGp.config, { nCritic: 0 })).toThrow(/'nCritic' is 0/);
    expect(() => resolveConfig('wgan', wgan.config, { learningRate: -5e-5 })).toThrow(/'learningRate' is -0.00005/);
    expect(() => resolveConfig('wgan', wgan.config, { clip: 0 })).toThrow(/'clip' is 0/);
    expect(() => resolveConfig('wgan-gp', wganGp.config, { lambda: -1 })).toThrow(/'lambda' is -1/);
  });
});
