import type { Engine } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { median } from '../statistics.js';

/** A size is large enough when the work takes so long: far more than starting it. */
const ENOUGH_MS = 20;
const LARGEST_MATRIX = 8192;
const LARGEST_VECTOR = 2 ** 27;

/** What the engine can do on this machine at best: its product of square matrices, and its sum of a vector and a number, large enough to fill any cache. */
export class Ceilings {
  private constructor(
    private readonly engine: Engine,
    private readonly matrix: number,
    private readonly vector: number,
  ) {}

  /** Finds sizes that take a while on this engine. */
  static async of(engine: Engine): Promise<Ceilings> {
    const grown = async (size: number, largest: number, run: (size: number) => Promise<number>): Promise<number> => {
      await run(size); // the first one compiles
      while (size < largest && (await run(size)) < ENOUGH_MS) size *= 2;
      return size;
    };
    const matrix = await grown(128, LARGEST_MATRIX, (size) => multiply(engine, size));
    return new Ceilings(engine, matrix, await grown(2 ** 18, LARGEST_VECTOR, (size) => add(engine, size)));
  }

  /** 1e9 operations a second. */
  async gflops(): Promise<number> {
    return (2 * this.matrix ** 3) / (await this.time(() => multiply(this.engine, this.matrix))) / 1e6;
  }

  /** 1e9 bytes a second, read and written. */
  async gigabytes(): Promise<number> {
    return (2 * this.vector * Float32Array.BYTES_PER_ELEMENT) / (await this.time(() => add(this.engine, this.vector))) / 1e6;
  }

  private async time(run: () => Promise<number>): Promise<number> {
    return median([await run(), await run(), await run()]);
  }
}

function multiply({ tf }: Engine, size: number): Promise<number> {
  return timed(tf, [tf.ones([size, size]), tf.ones([size, size])], ([a, b]) => tf.matMul(a as tf.Tensor, b as tf.Tensor));
}

function add({ tf }: Engine, size: number): Promise<number> {
  return timed(tf, [tf.ones([size])], ([x]) => tf.add(x as tf.Tensor, 1));
}

/** Milliseconds until one value of the result is on the host: all of it would be a measure of the way there. */
async function timed(tf: Engine['tf'], operands: readonly tf.Tensor[], work: (operands: readonly tf.Tensor[]) => tf.Tensor): Promise<number> {
  const oneOf = async (make: () => tf.Tensor): Promise<void> => {
    const one = tf.tidy(() => tf.slice(tf.reshape(make(), [-1]), [0], [1]));
    await one.data();
    one.dispose();
  };
  for (const operand of operands) await oneOf(() => operand); // there, and not only asked for
  const began = performance.now();
  await oneOf(() => work(operands));
  const milliseconds = performance.now() - began;
  tf.dispose([...operands]);
  return milliseconds;
}
