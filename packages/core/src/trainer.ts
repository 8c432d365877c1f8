import * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import { WeightAverage } from './average.js';
import type { Callback, StepEvent } from './callbacks.js';
import { configFor } from './config.js';
import { type Dataset, type Direction, type Samples, sampleSize } from './data.js';
import { ConfigError } from './errors.js';
import { Feed } from './feed.js';
import type { Tracer } from './engine.js';
import { mapSamples } from './map-samples.js';
import { Optimizer } from './optimizers.js';
import { Random } from './random.js';
import { checkRequirements } from './requirements.js';
import { type RunIdentity, type Snapshot, checkFinite, checkIdentity, readVariables, writeVariables } from './snapshot.js';
import { type OnMove, StepRunner } from './step-runner.js';
import type { Latents, Model, Variant } from './variant.js';
import { type NamedVariable, namedVariables, trainableVariables } from './weights.js';

export interface TrainerOptions<Schema extends z.ZodObject> {
  readonly variant: Variant<Schema>;
  readonly dataset: Dataset;
  /** What differs from the variant's defaults. */
  readonly config?: Partial<z.input<Schema>>;
  /** Everything random follows from it. Default 0. */
  readonly seed?: number;
  /** Decay of the weight average of the networks that the model lists; 0 keeps none. Default: the variant's, or 0. */
  readonly emaDecay?: number;
  /** The engine's tracer: moves run as one call each where they can. Without it they run operation by operation. */
  readonly tracer?: Tracer | undefined;
}

export interface TrainOptions {
  /** Generator steps that the run has when this returns, those of earlier calls and of a restored checkpoint included. */
  readonly steps: number;
  readonly callbacks?: readonly Callback[];
  /** Stops after the step under way. */
  readonly signal?: AbortSignal;
}

export interface SampleOptions {
  /** Equal streams give equal latents. Default `samples`. */
  readonly stream?: string;
  /** Sample from the averaged weights; default: when there are any. */
  readonly averaged?: boolean;
}

/** Samples are generated this many at a time. */
const SAMPLE_BATCH = 250;

/**
 * Trains any variant on any data: a step is the plan's moves, in the order of the players. It knows nothing about any
 * variant, owns all memory, and draws all randomness from streams derived from (seed, step, player, move), so that a
 * resumed run continues to the bit.
 */
export class Trainer<Schema extends z.ZodObject = z.ZodObject> {
  readonly config: z.output<Schema>;
  readonly seed: number;
  readonly emaDecay: number;
  /** Finished generator steps. */
  step = 0;

  private readonly built: Model;
  private readonly variables: readonly NamedVariable[];
  private readonly optimizers: ReadonlyMap<string, Optimizer>;
  private readonly average: WeightAverage | undefined;
  private readonly feed: Feed;
  private readonly runner: StepRunner;

  /**
   * @throws {DataError} when the data do not fit the variant.
   * @throws {ConfigError} when a field of the config is unknown or out of range.
   */
  constructor(private readonly options: TrainerOptions<Schema>) {
    const { variant, dataset, seed = 0, emaDecay = variant.emaDecay ?? 0 } = options;
    if (!(emaDecay >= 0 && emaDecay < 1)) {
      throw new ConfigError(`The decay of the weight average is ${emaDecay}.`, { remedy: 'Give a number in [0, 1); 0 keeps no average.' });
    }
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ConfigError(`The seed is ${seed}.`, { remedy: 'Give a whole number from 0 on.' });
    }
    checkRequirements(variant, dataset.spec);
    this.config = configFor(variant, dataset.spec, options.config as Record<string, unknown>);
    this.seed = seed;
    this.emaDecay = emaDecay;
    this.built = variant.build(this.config, dataset.spec, Random.of(seed, 'weights'));
    this.variables = namedVariables(this.built.networks);
    this.optimizers = new Map(
      this.built.players.map((player) => {
        const weights = trainableVariables(player.trains.map((name) => this.network(name)));
        return [player.name, new Optimizer(player.optimizer, weights)];
      }),
    );
    const averaged = new Set(namedVariables(pick(this.built.networks, this.built.averaged)).map(({ variable }) => variable.id));
    this.average = emaDecay === 0 ? undefined : new WeightAverage(this.variables.filter(({ variable }) => averaged.has(variable.id)), emaDecay);
    this.feed = new Feed(dataset, seed);
    const { built: model, average, optimizers, feed } = this;
    this.runner = new StepRunner({ model, average, optimizers, feed, seed, tracer: options.tracer });
  }

  /**
   * What is trained. Ask for it again after training: its networks have the newest weights only then. They may be changed; the
   * run goes on from there.
   */
  get model(): Model {
    this.runner.release();
    return this.built;
  }

  /** Real samples shown to the players so far. */
  get imagesShown(): number {
    return this.feed.imagesShown;
  }

  /**
   * Trains until the run has `steps` generator steps.
   * @throws {NonFiniteError} in the step in which a loss becomes NaN or infinite.
   */
  async train({ steps, callbacks = [], signal }: TrainOptions): Promise<void> {
    for (const callback of callbacks) await callback.onStart?.(this);
    const onMove = afterMove(callbacks, this);
    while (this.step < steps && signal?.aborted !== true) {
      const began = performance.now();
      const plan = this.built.plan?.(this.step) ?? {};
      if (plan.resetOptimizers) this.reset(plan.resetOptimizers);
      const losses = await this.runner.run(this.step, plan, onMove);
      this.step += 1;
      const event: StepEvent = { trainer: this, step: this.step, losses, imagesShown: this.imagesShown, seconds: (performance.now() - began) / 1000 };
      for (const callback of callbacks) await callback.onStep?.(event);
    }
    this.runner.sync(); // for whoever holds the networks
    for (const callback of callbacks) await callback.onEnd?.(this);
  }

  /** Generates samples in inference mode: [n, ...shape] in [-1, 1], with the labels they were asked for if there are any. */
  async sample(n: number, { stream = 'samples', averaged = this.average !== undefined }: SampleOptions = {}): Promise<Samples> {
    const model = this.built;
    const { generate, sampleLatents } = model;
    if (!generate || !sampleLatents) throw new ConfigError(`${this.options.variant.name} does not generate from latents.`, { remedy: 'Use a variant whose task is generation.' });
    const size = sampleSize(this.options.dataset.spec);
    const values = new Float32Array(n * size);
    const latents: Latents = sampleLatents.call(model, n, Random.of(this.seed, stream));
    const fill = async (): Promise<void> => {
      for (let start = 0; start < n; start += SAMPLE_BATCH) {
        const count = Math.min(SAMPLE_BATCH, n - start);
        const images = tf.tidy(() => {
          const part = Object.fromEntries(Object.entries(latents).map(([name, all]) => [name, tf.slice(all, start, count)]));
          return generate.call(model, model.networks, part, this.step);
        });
        values.set((await images.data()) as Float32Array, start * size);
        images.dispose();
      }
    };
    try {
      this.runner.sync();
      await (averaged ? this.withAverage(fill) : fill());
      const labels = latents.labels && Int32Array.from(await latents.labels.data());
      return labels ? { values, labels } : { values };
    } finally {
      tf.dispose(latents);
    }
  }

  /**
   * Translates samples of one domain into the other, in inference mode.
   * @param values samples of domain a (AtoB) or b (BtoA), [n, ...shape]
   * @returns [n, ...shape] of the other domain
   * @throws {ConfigError} when the variant does not translate.
   */
  async translate(values: Float32Array, direction: Direction, { averaged = this.average !== undefined }: Pick<SampleOptions, 'averaged'> = {}): Promise<Float32Array> {
    const model = this.built;
    const { domains } = this.options.dataset.spec;
    const { translate } = model;
    if (!translate || !domains) throw new ConfigError(`${this.options.variant.name} does not translate.`, { remedy: 'Use a variant whose task is translation.' });
    const { shape } = direction === 'AtoB' ? domains.a : domains.b;
    const work = (): Promise<Float32Array> => mapSamples(values, shape, (x) => translate.call(model, model.networks, x, direction));
    this.runner.sync();
    return averaged ? this.withAverage(work) : work();
  }

  /** Runs `work` with the averaged weights in the networks, where the run keeps any; then the live ones are back. */
  async withAverage<T>(work: () => Promise<T>): Promise<T> {
    this.runner.sync();
    return this.average ? this.average.use(work) : work();
  }

  /**
   * The whole state, read to the host.
   * @throws {CheckpointError} when a value is not finite.
   */
  async snapshot(): Promise<Snapshot> {
    this.runner.sync();
    const tensors: Snapshot['tensors'] = {
      ...(await readVariables('networks', pairs(this.variables))),
      ...(await readVariables('averages', pairs(this.average?.named() ?? []))),
      ...(await readVariables('optimizers', this.slotVariables())),
      ...(await readVariables('state', Object.entries(this.built.state ?? {}))),
    };
    const updates = Object.fromEntries([...this.optimizers].map(([name, optimizer]) => [name, optimizer.updates]));
    const { positions, imagesShown } = this.feed;
    const snapshot: Snapshot = {
      manifest: { format: 'ganzoo-checkpoint', version: 1, ...this.identity, step: this.step, imagesShown, positions, updates },
      tensors,
    };
    checkFinite(snapshot);
    return snapshot;
  }

  /**
   * Goes to the state of a snapshot of the same run.
   * @throws {CheckpointError} when it belongs to another variant, data set, config or seed, or a value is missing.
   */
  restore({ manifest, tensors }: Snapshot): void {
    checkIdentity(manifest, this.identity);
    this.runner.release();
    writeVariables('networks', pairs(this.variables), tensors);
    writeVariables('averages', pairs(this.average?.named() ?? []), tensors);
    writeVariables('optimizers', this.slotVariables(), tensors);
    writeVariables('state', Object.entries(this.built.state ?? {}), tensors);
    for (const [name, optimizer] of this.optimizers) optimizer.updates = manifest.updates[name] ?? 0;
    this.feed.restore(manifest.positions, manifest.imagesShown);
    this.step = manifest.step;
  }

  /** What makes this run this run; a checkpoint of another one is refused. */
  get identity(): RunIdentity {
    const { name, shape } = this.options.dataset.spec;
    return { variant: this.options.variant.name, config: this.config, data: { name, shape }, seed: this.seed, emaDecay: this.emaDecay };
  }

  /**
   * Why moves are not traced, by player, or by players (`critic + generator`) whose moves could not become one call together;
   * empty when they are, or when there is no tracer.
   */
  get untraced(): Readonly<Record<string, string>> {
    return this.runner.untraced;
  }

  /** Frees every tensor of the run. */
  dispose(): void {
    for (const optimizer of this.optimizers.values()) optimizer.dispose();
    this.average?.dispose();
    this.runner.dispose();
    tf.dispose(this.variables.map(({ variable }) => variable));
    tf.dispose({ ...this.built.state });
  }

  private *slotVariables(): Iterable<readonly [string, tf.Variable]> {
    const names = new Map(this.variables.map(({ name, variable }) => [variable.id, name]));
    for (const [player, optimizer] of this.optimizers) {
      for (const [slot, variables] of Object.entries(optimizer.slots)) {
        for (const [i, variable] of variables.entries()) {
          const weight = optimizer.weights[i] as tf.Variable;
          yield [`${player}/${slot}/${names.get(weight.id)}`, variable];
        }
      }
    }
  }

  private reset(optimizers: readonly string[]): void {
    this.runner.release();
    for (const name of optimizers) this.optimizer(name).reset();
  }

  private network(name: string): tf.LayersModel {
    const network = this.built.networks[name];
    if (!network) throw new Error(`A player trains '${name}', but the model has only ${Object.keys(this.built.networks).join(', ')}.`);
    return network;
  }

  private optimizer(player: string): Optimizer {
    return this.optimizers.get(player) as Optimizer;
  }
}

/** All callbacks that look after every move, as one; none when there is none. */
function afterMove(callbacks: readonly Callback[], trainer: Trainer): OnMove | undefined {
  const looking = callbacks.filter(({ onMove }) => onMove !== undefined);
  if (looking.length === 0) return undefined;
  return async (player, losses) => {
    for (const callback of looking) await callback.onMove?.({ trainer, player, losses });
  };
}

function pick(networks: Model['networks'], names: readonly string[]): Model['networks'] {
  return Object.fromEntries(Object.entries(networks).filter(([name]) => names.includes(name)));
}

function* pairs(variables: readonly NamedVariable[]): Iterable<readonly [string, tf.Variable]> {
  for (const { name, variable } of variables) yield [name, variable];
}
