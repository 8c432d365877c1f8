import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { MoveEvent } from '../callbacks.js';
import { describeConfig, resolveConfig } from '../config.js';
import { type DataSpec, sampleSize } from '../data.js';
import type { Tracer } from '../engine.js';
import { ConfigError, DataError } from '../errors.js';
import { decodeSafetensors, encodeSafetensors, type StoredTensor, valuesOf } from '../safetensors.js';
import type { Snapshot } from '../snapshot.js';
import { Trainer } from '../trainer.js';
import type { Player, Variant } from '../variant.js';
import { slopesOf } from './gradients.js';
import { syntheticDataset } from './synthetic.js';

export interface ConformanceOptions<Schema extends z.ZodObject> {
  /** Data of the smallest shape that the variant takes, so that its tests take seconds. */
  readonly data: DataSpec;
  /** A small configuration: few filters, a batch of 4. */
  readonly config: Partial<z.input<Schema>>;
  /** The tracer of the engine that runs the tests, where it has one: moves run traced too, and must equal eager ones. */
  readonly tracer?: Tracer | undefined;
  /** Further data the variant must take, built and stepped once: other sizes, three channels. */
  readonly alsoOn?: readonly { readonly data: DataSpec; readonly config?: Partial<z.input<Schema>> }[];
}

/**
 * The conformance suite that every variant passes, on the TF.js back end that is current when the tests run.
 * Call it at the top level of a vitest file.
 */
export function testVariant<Schema extends z.ZodObject>(variant: Variant<Schema>, options: ConformanceOptions<Schema>): void {
  const { data, config } = options;
  const make = (seed = 0, tracer = options.tracer): Trainer<Schema> =>
    new Trainer({ variant, dataset: syntheticDataset(data), config, seed, emaDecay: 0.9, tracer });

  describe(`${variant.name} conforms`, () => {
    let before: number;
    beforeAll(() => {
      before = tf.memory().numTensors;
    });
    afterAll(() => {
      expect(tf.memory().numTensors, 'tensors left behind by disposed trainers').toBe(before);
    });

    it('documents every config field and has a default for it', () => {
      expect(() => resolveConfig(variant.name, variant.config)).not.toThrow();
      for (const field of describeConfig(variant.config)) {
        expect(field.help, `${field.name}: help`).toMatch(/\w/);
        expect(['paper', "authors' code", 'ours'], `${field.name}: where its default comes from`).toContain(field.from);
      }
    });

    it('refuses config fields that do not exist or are out of range', () => {
      expect(() => resolveConfig(variant.name, variant.config, { noSuchField: 1 })).toThrow(ConfigError);
      expect(() => resolveConfig(variant.name, variant.config, { learningRate: -1 })).toThrow(ConfigError);
      expect(() => resolveConfig(variant.name, variant.config, { batchSize: 0 })).toThrow(ConfigError);
    });

    it('refuses data that it cannot use', () => {
      for (const [what, wrong] of unusable(variant, data)) {
        expect(() => new Trainer({ variant, dataset: syntheticDataset(wrong), config }), what).toThrow(DataError);
      }
    });

    it('has finite losses, and each player changes only what it trains', async () => {
      const trainer = make();
      let before = await trainer.snapshot();
      const check = async ({ player, losses }: MoveEvent): Promise<void> => {
        for (const [name, value] of Object.entries(losses)) expect(Number.isFinite(value), `${name} = ${value}`).toBe(true);
        const after = await trainer.snapshot();
        const changed = differing(before, after).filter((name) => name.startsWith('networks/'));
        for (const name of changed) expect(mayChange(trainer, player, name), `${player.name} changed ${name}`).toBe(true);
        for (const network of player.trains) {
          expect(changed.some((name) => name.startsWith(`networks/${network}/`)), `${player.name} moved ${network}`).toBe(true);
        }
        before = after;
      };
      await trainer.train({ steps: 2, callbacks: [{ onMove: check }] });
      trainer.dispose();
    });

    it('descends the gradients of its losses, penalties included', async () => {
      const trainer = make();
      const slopes = await slopesOf(trainer.model, syntheticDataset(data));
      expect(Object.keys(slopes)).not.toEqual([]);
      for (const [player, { gradient, difference }] of Object.entries(slopes)) {
        expect(gradient, `${player}: norm of the gradient`).toBeGreaterThan(0);
        expect(Math.abs(difference / gradient - 1), `${player}: slope ${gradient} by the gradient, ${difference} by differences of the loss`).toBeLessThan(0.02);
      }
      trainer.dispose();
    });

    it('generates samples of the right shape in [-1, 1], the same for the same stream', async () => {
      const trainer = make();
      if (trainer.model.generate) {
        const one = await trainer.sample(5);
        const same = await trainer.sample(5);
        const other = await trainer.sample(5, { stream: 'another' });
        expect(one.values).toHaveLength(5 * sampleSize(data));
        expect(one.values).toEqual(same.values);
        expect(one.values).not.toEqual(other.values);
        if (data.kind === 'images') expect(Math.max(...one.values.map(Math.abs))).toBeLessThanOrEqual(1);
      }
      trainer.dispose();
    });

    if (variant.task === 'translation') it('translates samples of each domain into the other, the same at every time', async () => {
      const trainer = make();
      for (const [direction, from, to] of [['AtoB', 'a', 'b'], ['BtoA', 'b', 'a']] as const) {
        const { values } = await syntheticDataset(data).source('test', from).read([0, 1, 2]);
        const one = await trainer.translate(values, direction);
        expect(one).toHaveLength(3 * sampleSize(data.domains?.[to] as DataSpec));
        expect(await trainer.translate(values, direction)).toEqual(one);
        expect(Math.max(...one.map(Math.abs))).toBeLessThanOrEqual(1);
      }
      trainer.dispose();
    });

    it('keeps the number of tensors constant', async () => {
      const trainer = make();
      await trainer.train({ steps: 2 });
      const counts: number[] = [];
      await trainer.train({ steps: 6, callbacks: [{ onStep: () => void counts.push(tf.memory().numTensors) }] });
      await trainer.snapshot();
      if (trainer.model.generate) await trainer.sample(3);
      if (trainer.model.translate) await trainer.translate(new Float32Array(sampleSize(data)), 'AtoB');
      counts.push(tf.memory().numTensors);
      expect(new Set(counts).size, `tensors after each step: ${counts.join(', ')}`).toBe(1);
      trainer.dispose();
    });

    it('gives the same bytes for the same seed, and others for another', async () => {
      const [one, same, other] = [make(1), make(1), make(2)];
      for (const trainer of [one, same, other]) await trainer.train({ steps: 2 });
      expect(differing(await one.snapshot(), await same.snapshot())).toEqual([]);
      expect(differing(await one.snapshot(), await other.snapshot())).not.toEqual([]);
      for (const trainer of [one, same, other]) trainer.dispose();
    });

    it('resumes from a stored checkpoint to the bit', async () => {
      const [whole, half, rest] = [make(), make(), make()];
      await whole.train({ steps: 6 });
      await half.train({ steps: 3 });
      const { manifest, tensors } = await half.snapshot();
      rest.restore({ manifest, tensors: decodeSafetensors(encodeSafetensors(tensors)).tensors });
      await rest.train({ steps: 6 });
      const [expected, resumed] = [await whole.snapshot(), await rest.snapshot()];
      expect(differing(expected, resumed)).toEqual([]);
      expect(resumed.manifest).toEqual(expected.manifest);
      for (const trainer of [whole, half, rest]) trainer.dispose();
    });

    if (options.tracer) it('runs traced as it runs eagerly: the same losses and weights, one step at a time', async () => {
      const everyBit = tf.getBackend() === 'tensorflow'; // native: on GPUs sums are added in no fixed order
      const [traced, eager] = [make(0), make(0, undefined)];
      for (let step = 1; step <= 8; step++) {
        const [ours, theirs]: Record<string, number>[] = [{}, {}];
        eager.restore(await traced.snapshot()); // both from one state: free runs drift apart, as two eager ones do
        await traced.train({ steps: step, callbacks: [{ onStep: ({ losses }) => void Object.assign(ours as object, losses) }] });
        await eager.train({ steps: step, callbacks: [{ onStep: ({ losses }) => void Object.assign(theirs as object, losses) }] });
        const [one, other] = [await traced.snapshot(), await eager.snapshot()];
        if (everyBit) {
          expect(ours, `losses in step ${step}`).toEqual(theirs);
          expect(differing(one, other), `state after step ${step}`).toEqual([]);
        } else {
          for (const [name, value] of Object.entries(theirs as object)) expect(ours?.[name], `${name} in step ${step}`).toBeCloseTo(value as number, 4);
          expect(relativeDistance(one, other), `state after step ${step}`).toBeLessThan(1e-4);
        }
      }
      expect(traced.untraced).toEqual({});
      for (const trainer of [traced, eager]) trainer.dispose();
    });

    for (const also of options.alsoOn ?? []) {
      it(`also trains on ${also.data.kind} of [${also.data.shape.join(', ')}]`, async () => {
        const trainer = new Trainer({ variant, dataset: syntheticDataset(also.data), config: { ...config, ...also.config } });
        await trainer.train({ steps: 1 });
        expect(trainer.step).toBe(1);
        if (trainer.model.generate) expect((await trainer.sample(2)).values).toHaveLength(2 * sampleSize(also.data));
        trainer.dispose();
      });
    }
  });
}

function sameBytes(one: Snapshot, other: Snapshot, name: string): boolean {
  return Buffer.compare(one.tensors[name]?.data ?? new Uint8Array(0), other.tensors[name]?.data ?? new Uint8Array(0)) === 0;
}

function differing(one: Snapshot, other: Snapshot): string[] {
  const names = new Set([...Object.keys(one.tensors), ...Object.keys(other.tensors)]);
  return [...names].filter((name) => !sameBytes(one, other, name));
}

/** L2 distance of all values of two snapshots, relative to their size. */
function relativeDistance(one: Snapshot, other: Snapshot): number {
  let [difference, size] = [0, 0];
  for (const name of Object.keys(other.tensors)) {
    const [x, y] = [one, other].map(({ tensors }) => valuesOf(tensors[name] as StoredTensor)) as [Float32Array, Float32Array];
    y.forEach((value, i) => {
      difference += (value - (x[i] as number)) ** 2;
      size += value ** 2;
    });
  }
  return Math.sqrt(difference / size);
}

/** A player changes the trainable weights of what it trains, and the statistics of every network that it runs in training mode. */
function mayChange<S extends z.ZodObject>(trainer: Trainer<S>, player: Player, tensor: string): boolean {
  const [, network, ...weight] = tensor.split('/') as [string, string, ...string[]];
  if (player.trains.includes(network)) return true;
  const trainable = trainer.model.networks[network]?.trainableWeights.some(({ originalName }) => originalName === weight.join('/'));
  return trainable !== true && (player.updatesStatisticsOf ?? []).includes(network);
}

function unusable(variant: Variant, data: DataSpec): [string, DataSpec][] {
  const { requires } = variant;
  const cases: [string, DataSpec][] = [];
  if (requires.kind && !requires.kind.includes('vectors')) cases.push(['vectors', { name: 'points', kind: 'vectors', shape: [2] }]);
  const images = { ...data, kind: 'images' } as const;
  const channels = data.kind === 'images' ? (data.shape[2] ?? 1) : 1;
  const side = data.kind === 'images' ? (data.shape[0] ?? 1) : (requires.sizes?.[0] ?? 28);
  if (requires.sizes) cases.push(['19 x 19 pixels', { ...images, shape: [19, 19, channels] }], ['not square', { ...images, shape: [28, 32, 1] }]);
  if (requires.channels) cases.push(['5 channels', { ...images, shape: [side, side, 5] }]);
  if (requires.labels === true) {
    const { classes: _, ...unlabelled } = data;
    cases.push(['no labels', unlabelled]);
  }
  if (requires.twoDomains === true) cases.push(['one domain', { name: 'one', kind: 'images', shape: data.shape }]);
  else cases.push(['two domains', { ...data, domains: { a: data, b: data } }]);
  return cases;
}
