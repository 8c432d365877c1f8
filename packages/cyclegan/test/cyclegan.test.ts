import { type Dataset, type DataSpec, Random, Trainer } from '@ganzoo/core';
import { cyclegan } from '@ganzoo/cyclegan';
import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { learningRateAt } from '../src/schedule.js';

const domain = (name: string, side: number, channels: number): DataSpec => ({ name, kind: 'images', shape: [side, side, channels] });

/** Each domain has a single image, so that every batch is known. */
function pair(a: DataSpec, b: DataSpec): Dataset {
  const image = ({ shape }: DataSpec, stream: string): Float32Array => Random.of(stream).uniforms(shape.reduce((n, side) => n * side, 1), -1, 1);
  const specs = { a, b };
  return {
    spec: { name: `${a.name}+${b.name}`, kind: 'images', shape: a.shape, domains: specs },
    source: (_, which) => ({ spec: specs[which as 'a'], length: 1, read: async () => ({ values: image(specs[which as 'a'], which as string) }) }),
  };
}

const SMALL = { filters: 2, blocks: 1, discriminatorLayers: 1 };
const trainers: Trainer[] = [];
afterEach(() => trainers.splice(0).forEach((trainer) => trainer.dispose()));

function trainerOn(dataset: Dataset, config = {}): Trainer<typeof cyclegan.config> {
  const trainer = new Trainer({ variant: cyclegan, dataset, config: { ...SMALL, ...config } });
  trainers.push(trainer as unknown as Trainer);
  return trainer;
}

describe('the losses', () => {
  const meanOf = (values: ArrayLike<number>, of: (value: number, i: number) => number): number =>
    Array.from(values).reduce((sum, value, i) => sum + of(value, i), 0) / values.length;
  const squares = (scores: tf.Tensor, target: number): number => meanOf(scores.dataSync(), (score) => (score - target) ** 2);
  const distance = (one: tf.Tensor, other: tf.Tensor): number => {
    const values = other.dataSync();
    return meanOf(one.dataSync(), (value, i) => Math.abs(value - (values[i] as number)));
  };

  it.each([0.5, 0])("are the paper's, summed on the host, with an identity weight of %d", async (identityWeight) => {
    const dataset = pair(domain('one', 8, 1), domain('other', 8, 1));
    const trainer = trainerOn(dataset, { identityWeight, cycleWeight: 7 });
    const { generatorAB: G, generatorBA: F, discriminatorA: DA, discriminatorB: DB } = trainer.model.networks as Record<string, tf.LayersModel>;
    const image = async (which: 'a' | 'b'): Promise<tf.Tensor> => tf.tensor((await dataset.source('train', which).read([0])).values, [1, 8, 8, 1]);
    const [a, b] = [await image('a'), await image('b')];
    const of = (network: tf.LayersModel | undefined, x: tf.Tensor): tf.Tensor => network?.predict(x) as tf.Tensor;
    const [fakeB, fakeA] = [of(G, a), of(F, b)];
    const adversarial = squares(of(DB, fakeB), 1) + squares(of(DA, fakeA), 1);
    const cycle = distance(of(F, fakeB), a) + distance(of(G, fakeA), b);
    const identity = distance(of(G, b), b) + distance(of(F, a), a);
    // The discriminators have not moved yet when they see these very fakes.
    const forA = (squares(of(DA, a), 1) + squares(of(DA, fakeA), 0)) / 2;
    const forB = (squares(of(DB, b), 1) + squares(of(DB, fakeB), 0)) / 2;

    let losses: Readonly<Record<string, number>> = {};
    await trainer.train({ steps: 1, callbacks: [{ onStep: (event) => void (losses = event.losses) }] });
    expect(losses['generators.total']).toBeCloseTo(adversarial + 7 * (cycle + identityWeight * identity), 4);
    expect(losses['generators.adversarial']).toBeCloseTo(adversarial, 5);
    expect(losses['generators.cycle']).toBeCloseTo(cycle, 5);
    expect(losses['discriminators.total']).toBeCloseTo(forA + forB, 5);
    expect(losses['discriminators.a']).toBeCloseTo(forA, 5);
  });
});

describe('the learning rate', () => {
  const schedule = { learningRate: 0.5, constantSteps: 100, decaySteps: 4 };

  it("is constant, then falls linearly to 0, as the authors' code has it", () => {
    // lr (1 - max(0, step + 1 - 100) / 5)
    expect([0, 98, 99, 100, 101, 102, 103, 104, 1000].map((step) => Number(learningRateAt(step, schedule).toFixed(9)))).toEqual([0.5, 0.5, 0.5, 0.4, 0.3, 0.2, 0.1, 0, 0]);
  });

  it('is what a step moves by', async () => {
    const trainer = trainerOn(pair(domain('one', 8, 1), domain('other', 8, 1)), { constantSteps: 1, decaySteps: 0 });
    await trainer.train({ steps: 1 });
    const before = await trainer.snapshot();
    await trainer.train({ steps: 2 });
    const after = await trainer.snapshot();
    const weights = ({ tensors }: typeof before): unknown => Object.entries(tensors).filter(([name]) => name.startsWith('networks/'));
    expect(weights(after)).toEqual(weights(before));
    expect(after.tensors['state/filledA']).not.toEqual(before.tensors['state/filledA']);
  });
});

describe('the data', () => {
  it('must be of one size, a multiple of 4', () => {
    expect(() => trainerOn(pair(domain('small', 8, 1), domain('large', 12, 1)))).toThrow("'small' has images of 8 x 8 pixels, 'large' of 12 x 12");
    expect(() => trainerOn(pair(domain('odd', 10, 1), domain('other', 10, 1)))).toThrow('its images of 10 x 10 pixels cannot be halved twice');
  });

  it('must have equal channels for the identity loss, and may differ without', async () => {
    const dataset = pair(domain('grey', 8, 1), domain('coloured', 8, 3));
    expect(() => trainerOn(dataset)).toThrow("the identity loss needs domains of equal channels; 'grey' has 1, 'coloured' 3");
    const { model } = trainerOn(dataset, { identityWeight: 0 });
    expect(model.translate?.(model.networks, tf.zeros([2, 8, 8, 1]), 'AtoB').shape).toEqual([2, 8, 8, 3]);
    expect(model.translate?.(model.networks, tf.zeros([2, 8, 8, 3]), 'BtoA').shape).toEqual([2, 8, 8, 1]);
  });

  it("decide what is not said: the paper's networks from 128 pixels on, smaller ones below", () => {
    const defaults = (side: number): unknown => ({ ...cyclegan.config.parse({}), ...cyclegan.defaultsFor?.(domain('x', side, 3)) });
    expect(defaults(256)).toMatchObject({ filters: 64, blocks: 9, discriminatorLayers: 3, cycleWeight: 10, identityWeight: 0.5, poolSize: 50, batchSize: 1, learningRate: 2e-4, beta1: 0.5 });
    expect(defaults(128)).toMatchObject({ filters: 64, blocks: 6, discriminatorLayers: 3 });
    expect(defaults(64)).toMatchObject({ filters: 32, blocks: 3, discriminatorLayers: 3 });
    expect(defaults(28)).toMatchObject({ filters: 32, blocks: 3, discriminatorLayers: 2 });
  });
});
