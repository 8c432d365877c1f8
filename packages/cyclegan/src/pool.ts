import * as tf from '@tensorflow/tfjs';

/** The state of an image pool: what it holds, and how much of it is filled. */
export interface Pool {
  /** [size, h, w, c] */
  readonly images: tf.Variable;
  /** Scalar, 0 .. size. */
  readonly filled: tf.Variable;
}

/** An empty pool. @param shape [h, w, c] */
export function createPool(size: number, shape: readonly number[]): Pool {
  return tf.tidy(() => ({ images: tf.variable(tf.zeros([size, ...shape]), false), filled: tf.variable(tf.scalar(0), false) }));
}

/**
 * Passes images through a pool, one after the other (Shrivastava et al. 2017, as in CycleGAN's code). While the pool
 * fills, an image goes in and is returned. Afterwards half of the time it is returned and forgotten; half of the time a
 * random one of the pool is returned, whose place it takes.
 *
 * Nothing is read on the host, so that the move can be traced: the pool's case is computed, not branched on.
 * @param images [n, h, w, c]
 * @param draws [n, 2], uniform in [0, 1): whether to swap, and with which
 * @returns [n, h, w, c]
 */
export function throughPool(pool: Pool, images: tf.Tensor4D, draws: tf.Tensor2D): tf.Tensor4D {
  return tf.tidy(() => {
    const size = pool.images.shape[0] as number;
    const places = tf.range(0, size);
    let [held, filled] = [tf.reshape(pool.images, [size, -1]), pool.filled as tf.Tensor];
    const returned = tf.split(tf.reshape(images, [images.shape[0], -1]), images.shape[0]).map((image, i) => {
      const [coin, place] = tf.split(tf.reshape(tf.slice(draws, [i, 0], [1, 2]), [2]), 2) as [tf.Tensor1D, tf.Tensor1D];
      const full = tf.greaterEqual(filled, size);
      const swaps = tf.logicalAnd(full, tf.less(coin, 0.5));
      const here = tf.equal(places, tf.where(full, tf.floor(tf.mul(place, size)), filled));
      const old = tf.matMul(tf.reshape(tf.cast(here, 'float32'), [1, size]), held as tf.Tensor2D);
      const written = tf.logicalAnd(here, tf.logicalOr(swaps, tf.logicalNot(full)));
      held = tf.where(tf.reshape(written, [size, 1]), image, held);
      filled = tf.minimum(tf.add(filled, 1), size);
      return tf.where(swaps, old, image);
    });
    pool.images.assign(tf.reshape(held, pool.images.shape));
    pool.filled.assign(tf.reshape(filled, []));
    return tf.reshape(tf.concat(returned), images.shape);
  });
}
