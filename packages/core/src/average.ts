import * as tf from '@tensorflow/tfjs';
import type { NamedVariable } from './weights.js';

/**
 * An exponential moving average of a network's trainable weights: a = decay a + (1 - decay) w after every step, from
 * a = w at the start. Batch norm's statistics are not averaged but taken from the live network at the time of use:
 * they already are moving averages, and the live ones are the ones every other implementation copies.
 */
export class WeightAverage {
  private readonly averages: readonly tf.Variable[];
  private readonly live: readonly NamedVariable[];

  constructor(
    variables: readonly NamedVariable[],
    /** In [0, 1). */
    readonly decay: number,
  ) {
    this.live = variables.filter((one) => one.trainable);
    // tf.variable(w.clone()) would share w's data; a copy of its own keeps the two apart for whoever looks at data ids.
    this.averages = this.live.map(({ variable }) => tf.tidy(() => tf.variable(tf.add(variable, 0), false)));
  }

  update(): void {
    tf.tidy(() => {
      this.averages.forEach((average, i) => {
        const { variable } = this.live[i] as NamedVariable;
        average.assign(tf.add(tf.mul(average, this.decay), tf.mul(variable, 1 - this.decay)));
      });
    });
  }

  /** Runs `work` with the averages in place of the live weights, and puts the live ones back whatever happens. */
  async use<T>(work: () => T | Promise<T>): Promise<T> {
    const kept = this.live.map(({ variable }) => tf.keep(tf.clone(variable)));
    this.live.forEach(({ variable }, i) => variable.assign(this.averages[i] as tf.Variable));
    try {
      return await work();
    } finally {
      this.live.forEach(({ variable }, i) => variable.assign(kept[i] as tf.Tensor));
      tf.dispose(kept);
    }
  }

  /** The averages under the names of the weights. */
  named(): NamedVariable[] {
    return this.averages.map((variable, i) => ({ ...(this.live[i] as NamedVariable), variable }));
  }

  dispose(): void {
    tf.dispose([...this.averages]);
  }
}
