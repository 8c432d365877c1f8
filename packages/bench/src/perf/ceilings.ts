import type { Engine } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { median } from '../statistics.js';

/** A measurement takes so long: far more than asking for it. */
const ENOUGH_MS = 20;
const MATRIX = { least: 128, most: 4096 };
/** 128 MB: results that wait to be given back must fit into a small GPU. */
const VECTOR = { least: 2 ** 18, most: 2 ** 25 };

/** Milliseconds of doing something with operands of a size, so often. */
type Timed = (size: number, times: number) => Promise<number>;

/** How large and how often a measurement is made, so that it takes a while. */
interface Amount {
  readonly size: number;
  readonly times: number;
}

/** What the engine can do on this machine at best: its product of square matrices, and its sum of a vector and a number, both as large as takes a while. */
export class Ceilings {
  private constructor(
    private readonly engine: Engine,
    private readonly matrix: Amount,
    private readonly vector: Amount,
  ) {}

  /** Tries on this engine how large is large enough. */
  static async of(engine: Engine): Promise<Ceilings> {
    return new Ceilings(engine, await enough(MATRIX, multiply(engine)), await enough(VECTOR, add(engine)));
  }

  /** 1e9 operations a second. */
  async gflops(): Promise<number> {
    const { size, times } = this.matrix;
    return (times * 2 * size ** 3) / (await medianOfThree(multiply(this.engine), this.matrix)) / 1e6;
  }

  /** 1e9 bytes a second, read and written. */
  async gigabytes(): Promise<number> {
    const { size, times } = this.vector;
    return (times * 2 * size * Float32Array.BYTES_PER_ELEMENT) / (await medianOfThree(add(this.engine), this.vector)) / 1e6;
  }
}

async function enough({ least, most }: typeof MATRIX, time: Timed): Promise<Amount> {
  let [size, times] = [least, 1];
  await time(size, times); // the first one compiles
  let milliseconds = await time(size, times);
  try {
    while (size < most && milliseconds < ENOUGH_MS) {
      milliseconds = await time(2 * size, times);
      size *= 2;
    }
  } catch {
    // More than the GPU allows or has: what it allowed will do, more often.
  }
  while (milliseconds < ENOUGH_MS) milliseconds = await time(size, (times *= 2));
  return { size, times };
}

async function medianOfThree(time: Timed, { size, times }: Amount): Promise<number> {
  return median([await time(size, times), await time(size, times), await time(size, times)]);
}

function multiply({ tf }: Engine): Timed {
  return (size, times) => timed(tf, [tf.ones([size, size]), tf.ones([size, size])], times, ([a, b]) => tf.matMul(a as tf.Tensor, b as tf.Tensor));
}

function add({ tf }: Engine): Timed {
  return (size, times) => timed(tf, [tf.ones([size]), tf.scalar(1)], times, ([x, one]) => tf.add(x as tf.Tensor, one as tf.Tensor));
}

/** Until one value of the last result is on the host: all of it would be a measure of the way there. */
async function timed(tf: Engine['tf'], operands: readonly tf.Tensor[], times: number, work: (operands: readonly tf.Tensor[]) => tf.Tensor): Promise<number> {
  const oneOf = async (make: () => tf.Tensor): Promise<void> => {
    const one = tf.tidy(() => tf.slice(tf.reshape(make(), [-1]), [0], [1]));
    await one.data();
    one.dispose();
  };
  try {
    for (const operand of operands) await oneOf(() => operand); // there, and not only asked for
    const began = performance.now();
    for (let i = 1; i < times; i++) work(operands).dispose();
    await oneOf(() => work(operands));
    return performance.now() - began;
  } finally {
    tf.dispose([...operands]);
  }
}
