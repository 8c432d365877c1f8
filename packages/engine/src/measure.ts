import * as tf from '@tensorflow/tfjs';

const [BATCH, SIZE, CHANNELS, KERNEL] = [8, 16, 32, 3];
/** Multiplications and additions of one forward pass, in 10^9. */
const GFLOP = (2 * BATCH * SIZE * SIZE * KERNEL * KERNEL * CHANNELS * CHANNELS) / 1e9;

/** GFLOP/s of a small conv2d (8x16x16x32, 3x3, 32 filters) on the current back end: the best of what fits in .2 seconds. */
export async function measureConvolution(): Promise<number> {
  const x = tf.ones([BATCH, SIZE, SIZE, CHANNELS]) as tf.Tensor4D;
  const w = tf.ones([KERNEL, KERNEL, CHANNELS, CHANNELS]) as tf.Tensor4D;
  const run = async (): Promise<number> => {
    const start = performance.now();
    const y = tf.conv2d(x, w, 1, 'same');
    await y.data();
    y.dispose();
    return performance.now() - start;
  };
  await run(); // the first one allocates and compiles
  const end = performance.now() + 200;
  let best = Infinity;
  do best = Math.min(best, await run());
  while (performance.now() < end);
  tf.dispose([x, w]);
  return Number((GFLOP / (best / 1000)).toPrecision(3));
}
