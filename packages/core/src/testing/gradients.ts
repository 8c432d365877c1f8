import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../data.js';
import { Feed } from '../feed.js';
import { type GroupResult, type MoveGroup, type PlannedMove, runMoves } from '../move.js';
import { Optimizer } from '../optimizers.js';
import { Random } from '../random.js';
import type { Model, Player } from '../variant.js';
import { namedVariables, trainableVariables } from '../weights.js';

/**
 * The loss changes by about so much, relative to its size, between the two points of a difference quotient. With the first
 * float32 may show (on a loss that is the difference of two means it was off by 2 %, with the last by .03 %), with the last kinks and
 * bends do (on a hinge loss it was off by 6 %). A wrong gradient disagrees with all of them, so the nearest counts.
 */
const CHANGES = [1e-4, 3e-4, 1e-3];

/**
 * Papers start kernels so small (sd .02) that the norms behind them divide by next to nothing, and a loss bends within
 * the distance of a difference quotient. Kernels below the first are scaled to the second here.
 */
const SMALLEST_RMS = 0.1;
const RMS = 0.2;

/** A player's slope, found in two ways that must agree. */
export interface Slope {
  /** Norm of the gradient that the player's move descends. */
  readonly gradient: number;
  /** (loss(w + e g/|g|) - loss(w - e g/|g|)) / 2e of the same move, at that of three distances e which gives the nearest. */
  readonly difference: number;
}

/**
 * Changes the model's weights. The first step's gradients against central differences of the losses, for each player that moves in it. A loss that
 * has a gradient penalty is differentiated twice, so this checks second-order gradients too, on the engine that runs.
 */
export async function slopesOf(model: Model, dataset: Dataset): Promise<Record<string, Slope>> {
  const feed = new Feed(dataset, 0);
  const plan = model.plan?.(0) ?? {};
  const slopes: Record<string, Slope> = {};
  const earlier: Record<string, tf.Tensor> = {};
  await scaleKernels(model);
  for (const player of model.players) {
    if (plan.moves?.[player.name] === 0) continue;
    const batch = await feed.draw(player.needs, plan.batchSize ?? model.batchSize, plan.resolution);
    const scalars = Object.fromEntries(Object.entries(plan.scalars ?? {}).map(([name, value]) => [name, tf.scalar(value)]));
    const at = new Standpoint(model, player, { batch, plan, scalars, earlier });
    slopes[player.name] = await at.slope();
    Object.assign(earlier, at.shared());
    at.dispose();
    batch.dispose();
    tf.dispose(scalars);
  }
  tf.dispose(earlier);
  return slopes;
}

/** A player before a move that can be made again and again from where the model stands, with the same draws. */
class Standpoint {
  private readonly player: Player;
  private readonly weights: readonly tf.Variable[];
  /** Everything that a move may change, and its values before. */
  private readonly variables: readonly tf.Variable[];
  private readonly before: readonly tf.Tensor[];

  constructor(
    private readonly model: Model,
    player: Player,
    private readonly inputs: Pick<PlannedMove, 'batch'> & Pick<MoveGroup, 'plan' | 'scalars' | 'earlier'>,
  ) {
    const { afterMove: _, ...rest } = player; // clipping would hide the gradient
    this.player = { ...rest, optimizer: { kind: 'sgd', learningRate: 1 } };
    this.weights = trainableVariables(player.trains.map((name) => model.networks[name] as tf.LayersModel));
    this.variables = [...namedVariables(model.networks).map(({ variable }) => variable), ...Object.values(model.state ?? {})];
    this.before = this.variables.map((variable) => variable.clone());
  }

  async slope(): Promise<Slope> {
    const { loss, gradients } = await this.descend();
    const norm = Math.sqrt((await squares(gradients)).reduce((sum, square) => sum + square, 0));
    const quotients: number[] = [];
    for (const change of CHANGES) {
      const distance = (change * Math.max(1, Math.abs(loss))) / (2 * norm);
      const [ahead, behind] = [await this.lossAt(gradients, distance / norm), await this.lossAt(gradients, -distance / norm)];
      quotients.push((ahead - behind) / (2 * distance));
    }
    tf.dispose(gradients);
    const [nearest] = quotients.sort((a, b) => Math.abs(a - norm) - Math.abs(b - norm));
    return { gradient: norm, difference: nearest as number };
  }

  /** What the move shares with later ones. */
  shared(): Record<string, tf.Tensor> {
    const { values, shared } = this.move(0);
    values.dispose();
    return { ...shared };
  }

  dispose(): void {
    this.restore();
    tf.dispose([...this.before]);
  }

  /** One step of plain gradient descent with rate 1 moves each weight by its gradient. */
  private async descend(): Promise<{ loss: number; gradients: tf.Tensor[] }> {
    const start = this.weights.map((weight) => weight.clone());
    const loss = await this.finish(this.move(1));
    const gradients = this.weights.map((weight, i) => tf.sub(start[i] as tf.Tensor, weight));
    tf.dispose(start);
    return { loss, gradients };
  }

  private lossAt(direction: readonly tf.Tensor[], factor: number): Promise<number> {
    this.restore();
    tf.tidy(() => {
      this.weights.forEach((weight, i) => weight.assign(tf.add(weight, tf.mul(direction[i] as tf.Tensor, factor))));
    });
    return this.finish(this.moveFromHere(0));
  }

  private move(rate: number): GroupResult {
    this.restore();
    return this.moveFromHere(rate);
  }

  private moveFromHere(rate: number): GroupResult {
    const coefficients = { rate: tf.scalar(rate), epsilon: tf.scalar(0) };
    const optimizer = new Optimizer(this.player.optimizer, this.weights);
    const { batch, ...common } = this.inputs;
    const move = { player: this.player, optimizer, batch, coefficients, random: Random.of('slope', this.player.name) };
    const result = runMoves({ model: this.model }, { ...common, moves: [move], endsStep: false });
    tf.dispose(coefficients);
    optimizer.dispose();
    return result;
  }

  /** @returns the total loss. */
  private async finish({ values, shared }: GroupResult): Promise<number> {
    const [total] = await values.data();
    tf.dispose([values, ...Object.values(shared)]);
    return total as number;
  }

  private restore(): void {
    this.variables.forEach((variable, i) => variable.assign(this.before[i] as tf.Tensor));
  }
}

async function scaleKernels({ networks }: Model): Promise<void> {
  const kernels = trainableVariables(Object.values(networks)).filter(({ rank }) => rank >= 2);
  const sums = await squares(kernels);
  kernels.forEach((kernel, i) => {
    const rms = Math.sqrt((sums[i] as number) / kernel.size);
    if (rms > 0 && rms < SMALLEST_RMS) tf.tidy(() => kernel.assign(tf.mul(kernel, RMS / rms)));
  });
}

/** The sum of the squares of each. */
async function squares(tensors: readonly tf.Tensor[]): Promise<number[]> {
  const sums = tf.tidy(() => tf.stack(tensors.map((tensor) => tf.sum(tf.square(tensor)))));
  const values = Array.from(await sums.data());
  sums.dispose();
  return values;
}
