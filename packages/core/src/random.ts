import * as tf from '@tensorflow/tfjs';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A stream of random numbers that depends on nothing but its key.
 *
 * Streams are derived, not advanced: the draws of step 812's second critic move come from
 * `Random.of(seed, 'move', 812, 'critic', 1)`. So a resumed run needs no generator state, only the step, and two
 * parts of a program never shift each other's draws. Numbers are drawn on the host, so that every engine sees the same.
 */
export class Random {
  private constructor(
    private readonly key: string,
    private readonly generator: ReturnType<typeof xoroshiro128plusFromState>,
    private readonly observer?: (draw: Draw) => void,
  ) {}

  /** The stream of a key. Equal keys give equal streams; `of(1, 2)` and `of('1', '2')` are equal. */
  static of(...key: readonly (string | number)[]): Random {
    return Random.ofKey(key.join('/'));
  }

  /** A stream that is independent of this one's position. */
  fork(...key: readonly (string | number)[]): Random {
    return Random.ofKey([this.key, ...key].join('/'));
  }

  private static ofKey(key: string): Random {
    const generator = xoroshiro128plusFromState(hash128(key));
    for (let i = 0; i < 8; i++) generator.next(); // keys that differ in a bit: let the state mix
    return new Random(key, generator);
  }

  /** Uniform in 0 .. 2^32 - 1. */
  uint32(): number {
    return this.generator.next() >>> 0;
  }

  /** Uniform in [low, high), 24 bits fine (every value is a float32). */
  uniformNumber(low = 0, high = 1): number {
    return low + (high - low) * ((this.generator.next() >>> 8) * 2 ** -24);
  }

  /** Gaussian, by Box and Muller. */
  normalNumber(mean = 0, sd = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniformNumber()));
    return mean + sd * radius * Math.cos(2 * Math.PI * this.uniformNumber());
  }

  /** Uniform in 0 .. bound - 1, without modulo bias. */
  integerNumber(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % bound;
  }

  normals(n: number, mean = 0, sd = 1): Float32Array {
    const out = new Float32Array(n);
    for (let i = 0; i < n; i += 2) {
      const radius = sd * Math.sqrt(-2 * Math.log(1 - this.uniformNumber()));
      const angle = 2 * Math.PI * this.uniformNumber();
      out[i] = mean + radius * Math.cos(angle);
      if (i + 1 < n) out[i + 1] = mean + radius * Math.sin(angle);
    }
    return out;
  }

  uniforms(n: number, low = 0, high = 1): Float32Array {
    const out = new Float32Array(n); // a loop: `Float32Array.from` takes seven times as long
    for (let i = 0; i < n; i++) out[i] = this.uniformNumber(low, high);
    return out;
  }

  integers(n: number, bound: number): Int32Array {
    const out = new Int32Array(n);
    for (let i = 0; i < n; i++) out[i] = this.integerNumber(bound);
    return out;
  }

  /** 0 .. n - 1 in random order (Fisher and Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integerNumber(i + 1);
      const swapped = order[i] as number;
      order[i] = order[j] as number;
      order[j] = swapped;
    }
    return order;
  }

  /** Gaussian tensor. */
  normal<R extends tf.Rank = tf.Rank>(shape: tf.ShapeMap[R], mean = 0, sd = 1): tf.Tensor<R> {
    return this.drawn((random, n) => random.normals(n, mean, sd), shape, 'float32');
  }

  /** Uniform tensor in [low, high). */
  uniform<R extends tf.Rank = tf.Rank>(shape: tf.ShapeMap[R], low = 0, high = 1): tf.Tensor<R> {
    return this.drawn((random, n) => random.uniforms(n, low, high), shape, 'float32');
  }

  /** int32 tensor, uniform in 0 .. bound - 1: class labels. */
  integer<R extends tf.Rank = tf.Rank>(shape: tf.ShapeMap[R], bound: number): tf.Tensor<R> {
    return this.drawn((random, n) => random.integers(n, bound), shape, 'int32');
  }

  /** This stream, telling `observer` of every tensor that is drawn from it: who records a move repeats its draws. */
  observed(observer: (draw: Draw) => void): Random {
    return new Random(this.key, this.generator, observer);
  }

  private drawn<R extends tf.Rank>(values: (random: Random, n: number) => Float32Array | Int32Array, shape: tf.ShapeMap[R], dtype: 'float32' | 'int32'): tf.Tensor<R> {
    const make = (random: Random): tf.Tensor => tf.tensor(values(random, tf.util.sizeFromShape(shape)), shape, dtype);
    const tensor = make(this);
    this.observer?.({ tensor, again: make });
    return tensor as tf.Tensor<R>;
  }
}

/** One tensor drawn from a stream. */
export interface Draw {
  readonly tensor: tf.Tensor;
  /** The same draw - kind, shape, range - from another stream. */
  again(random: Random): tf.Tensor;
}

/** Four 32-bit hashes of a string (MurmurHash3's 32-bit mixing with four seeds), never all zero. */
function hash128(text: string): [number, number, number, number] {
  const bytes = new TextEncoder().encode(text);
  const hash = (seed: number): number => {
    let h = seed;
    for (const byte of bytes) {
      h ^= Math.imul(byte + 1, 0xcc9e2d51);
      h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
      h = Math.imul(h ^ (h >>> 15), 0x1b873593);
    }
    h ^= bytes.length;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  };
  return [hash(0x9e3779b9) | 1, hash(0x243f6a88), hash(0xb7e15162), hash(0x6a09e667)];
}
