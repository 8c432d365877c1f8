import type * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import type { Batch, DataSpec, Direction } from './data.js';
import type { OptimizerConfig } from './optimizers.js';
import type { Random } from './random.js';

/**
 * A GAN variant: architecture, losses and the paper's defaults, as a plain value made by {@link defineVariant}.
 * The trainer, the bench and the conformance suite know variants by this interface only.
 */
export interface Variant<Schema extends z.ZodObject = z.ZodObject> {
  /** `wgan-gp` */
  readonly name: string;
  readonly paper: Paper;
  /** z -> x (images or vectors), or domain a <-> domain b. */
  readonly task: 'generation' | 'translation';
  /** What the data must be; checked by {@link checkRequirements} before anything is built. */
  readonly requires: Requirements;
  /** Every field: default, where it comes from, unit, one line of help. See `field`. */
  readonly config: Schema;
  /** Defaults that differ for this kind of data: the paper's toy settings for vectors. What the user sets goes first. */
  defaultsFor?(data: DataSpec): Partial<z.input<Schema>>;
  /** Decay of the weight average that the paper samples from; without one the live weights are sampled. The trainer's default. */
  readonly emaDecay?: number;
  /** How the variant takes part in a suite of the bench, by the suite's name; without one it has the suite's budget. */
  readonly presets?: Readonly<Record<string, Preset<Schema>>>;
  /** Builds the networks. Initializers draw from `random`, so that one seed gives one set of weights. */
  build(config: z.output<Schema>, data: DataSpec, random: Random): Model;
}

/** A share in a bench that a variant's cost or schedule asks for. Printed with the bench's settings. */
export interface Preset<Schema extends z.ZodObject = z.ZodObject> {
  /** Generator steps, as a factor of the suite's; default 1. WGAN-GP makes six moves a step where GAN makes two. */
  readonly stepsFactor?: number;
  /** Goes before the suite's config, and behind the user's. */
  readonly config?: Partial<z.input<Schema>>;
  /** In place of the variant's: an average over .999 still remembers the start after a few hundred steps. */
  readonly emaDecay?: number;
  /** One clause for the reader. */
  readonly why: string;
}

export interface Paper {
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  readonly url: string;
}

/** Checked generically, before any training. What is absent is not required. */
export interface Requirements {
  readonly kind?: readonly DataSpec['kind'][];
  /** Allowed heights (= widths) of images, in pixels. */
  readonly sizes?: readonly number[];
  readonly channels?: readonly number[];
  readonly labels?: boolean;
  readonly twoDomains?: boolean;
}

export type Networks<N extends string = string> = Record<N, tf.LayersModel>;
/** What a generator starts from, by name: `z` [n, latentDim], `labels` [n]. */
export type Latents = Record<string, tf.Tensor>;

/** What a variant builds: networks, and the players that train them. */
export interface Model<N extends string = string> {
  /** Every weight that is saved is in one of these. Networks may share layers (a growing generator's levels do). */
  readonly networks: Networks<N>;
  /** What is neither weight nor optimizer: image pools, spectral norm's u, counters. Saved with the checkpoint. */
  readonly state?: Readonly<Record<string, tf.Variable>>;
  /** In the order in which they move. */
  readonly players: readonly Player<N>[];
  /** The network whose moving average samples better (`generator`); the trainer keeps it when asked to. */
  readonly averaged: readonly N[];
  /** Samples per move, unless the plan says otherwise. */
  readonly batchSize: number;
  /** What changes over time. Pure: resume needs only the step. Default: one phase, every player moves once. */
  plan?(step: number): Plan;
  sampleLatents?(n: number, random: Random): Latents;
  /** Inference mode (batch norm uses its moving statistics). The trainer passes live or averaged networks. */
  generate?(networks: Networks<N>, latents: Latents, step: number): tf.Tensor;
  /** BiGAN: x -> z. */
  encode?(networks: Networks<N>, x: tf.Tensor): tf.Tensor;
  /** What a classifier may use of an encoder instead of z: BiGAN's layer before the last, x -> [n, features]. */
  features?(networks: Networks<N>, x: tf.Tensor): tf.Tensor;
  /** CycleGAN. */
  translate?(networks: Networks<N>, x: tf.Tensor, direction: Direction): tf.Tensor;
}

/** What one step consists of. */
export interface Plan {
  /** Static structure, part of a trace's key: `16x16 fade`, `critic warm-up`. */
  readonly phase?: string;
  /** How often each player moves in this step (default 1). WGAN: critic 5, or 100 in the first 25 steps. */
  readonly moves?: Readonly<Record<string, number>>;
  /**
   * Fed at every move as scalars: ProGAN's alpha, lambda ramps. Reserved: `learningRate` (all players) and
   * `<player>.learningRate`, which replace the optimizer's own.
   */
  readonly scalars?: Readonly<Record<string, number>>;
  readonly batchSize?: number;
  /** Real images are averaged down to this height before players see them (ProGAN). */
  readonly resolution?: number;
  /** Players whose optimizer state is set back to zero before this step (ProGAN at each level). */
  readonly resetOptimizers?: readonly string[];
}

/**
 * One side of the game: it owns weights, a loss and an optimizer.
 *
 * A move is a pure function of (weights, state, optimizer state, batch, draws, scalars): no host reads, no other
 * randomness than `random`, and everything that varies comes through the context. That makes it traceable,
 * repeatable and resumable to the bit.
 */
export interface Player<N extends string = string> {
  /** `discriminator` */
  readonly name: string;
  /** Networks whose trainable weights a move changes. No others change. */
  readonly trains: readonly N[];
  /** Networks that a move runs in training mode without training them: their batch-norm statistics move too. */
  readonly updatesStatisticsOf?: readonly N[];
  /** What a move draws from the data; what is not listed is not drawn, so "images shown" stays honest. */
  readonly needs: readonly ('real' | 'labels' | 'a' | 'b')[];
  readonly optimizer: OptimizerConfig;
  /** Runs before the loss, outside the gradient tape: a power iteration, a query to an image pool. What it returns is added to `shared`. */
  beforeMove?(move: Move<N>): Record<string, tf.Tensor> | void;
  /** The loss to minimize. Runs under a gradient tape with respect to the weights of `trains`. */
  loss(move: Move<N>): Losses;
  /** Runs after the update and is part of the move: weight clipping. */
  afterMove?(move: Pick<Move<N>, 'networks' | 'state'>): void;
}

/** Everything that a move may depend on. */
export interface Move<N extends string = string> {
  readonly networks: Networks<N>;
  readonly state: Lookup<tf.Variable>;
  readonly batch: Batch;
  readonly random: Random;
  /** The plan's scalars, as rank-0 tensors. */
  readonly scalars: Lookup<tf.Scalar>;
  /** What earlier players of this step shared: DCGAN's latents, CycleGAN's fakes. */
  readonly shared: Lookup<tf.Tensor>;
  /** What a move may branch on: the plan's static structure. Numbers come as `scalars`, so that a trace does not freeze them. */
  readonly plan: Pick<Plan, 'phase' | 'resolution'>;
}

/** Values by name; asking for a name that is not there throws and says which are. */
export interface Lookup<T> {
  get(name: string): T;
}

export interface Losses {
  /** Minimized by this player. */
  readonly total: tf.Scalar;
  /** Further scalars for the log: `penalty`, `realScore`. */
  readonly log?: Readonly<Record<string, tf.Scalar>>;
  /** Tensors for later players of this step. The trainer disposes them when the step ends. */
  readonly shared?: Readonly<Record<string, tf.Tensor>>;
}

/** Checks nothing at run time; it is there so that the config's type reaches `build`. */
export function defineVariant<Schema extends z.ZodObject>(variant: Variant<Schema>): Variant<Schema> {
  return variant;
}
