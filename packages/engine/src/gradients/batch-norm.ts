import { BATCH_NORM_TRAINING } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';

/** A kernel of engines that have batch norm as one operation: gradients with respect to x, scale and offset, from dy, x, scale and three that the forward operation keeps. */
export const BATCH_NORM_TRAINING_GRADIENT = 'BatchNormTrainingGrad';

interface Attributes extends tf.NamedAttrMap {
  readonly epsilon: number;
}

/** Gradients of first and second order, for engines that have the kernels. */
export function registerBatchNormGradients(): void {
  tf.registerGradient({
    kernelName: BATCH_NORM_TRAINING,
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, false, false, true, true, true],
    // Here, not in the functions that it returns: TensorFlow.js disposes what one of them makes besides its own result.
    gradFunc: (dys, [x, scale, kept1, kept2, kept3], attrs) => {
      const [dy] = dys as unknown as [tf.Tensor];
      const inputs = { dy, x, scale, kept1, kept2, kept3 } as tf.NamedTensorMap;
      const [dx, dScale, dOffset] = tf.engine().runKernel(BATCH_NORM_TRAINING_GRADIENT, inputs, attrs as tf.NamedAttrMap) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return { x: () => dx, scale: () => dScale, offset: () => dOffset };
    },
  });
  tf.registerGradient({
    kernelName: BATCH_NORM_TRAINING_GRADIENT,
    inputsToSave: ['dy', 'x', 'scale', 'kept1', 'kept2', 'kept3'],
    gradFunc: (by, [dy, x, scale, ...kept], attrs) => {
      const weights = by as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
      const [ofDy, ofX, ofScale] = secondGradients(weights, dy as tf.Tensor, x as tf.Tensor, scale as tf.Tensor, attrs as unknown as Attributes);
      // What the forward operation keeps is a function of x, which is accounted for.
      const nothing = Object.fromEntries(kept.map((tensor, i) => [`kept${i + 1}`, () => tf.zerosLike(tensor)]));
      return { dy: () => ofDy, x: () => ofX, scale: () => ofScale, ...nothing };
    },
  });
}

/**
 * The gradients with respect to dy, x and scale of L = sum(a dx) + sum(b dScale) + sum(c dOffset).
 *
 * With r = 1 / sqrt(variance + epsilon), n = r (x - mean) and P u = u - mean(u) - n mean(u n), the first gradients are
 * dx = scale r P dy, dScale = sum(dy n), dOffset = sum(dy). P is symmetric, and r P is also the derivative of n by x; so
 * L = scale r T + sum(b dy n) + sum(c dy) with T = sum(dy P a), where dr/dx = -r^2 n / count.
 */
function secondGradients([a, b, c]: readonly [tf.Tensor, tf.Tensor, tf.Tensor], dy: tf.Tensor, x: tf.Tensor, scale: tf.Tensor, { epsilon }: Attributes): [ofDy: tf.Tensor, ofX: tf.Tensor, ofScale: tf.Tensor] {
  const mean = (u: tf.Tensor): tf.Tensor => tf.mean(u, [0, 1, 2]);
  const count = x.size / scale.size;
  const centred = tf.sub(x, mean(x));
  const r = tf.rsqrt(tf.add(mean(tf.square(centred)), epsilon));
  const n = tf.mul(centred, r);
  const along = (u: tf.Tensor): tf.Tensor => mean(tf.mul(u, n));
  const project = (u: tf.Tensor): tf.Tensor => tf.sub(tf.sub(u, mean(u)), tf.mul(n, along(u)));

  const scaled = tf.mul(scale, r);
  const projected = project(a);
  const t = tf.sum(tf.mul(dy, projected), [0, 1, 2]);
  const ofN = tf.sub(tf.mul(b, dy), tf.mul(scaled, tf.add(tf.mul(dy, along(a)), tf.mul(a, along(dy)))));
  const throughR = tf.mul(n, tf.div(tf.mul(tf.mul(scaled, r), t), count));
  return [tf.addN([tf.mul(scaled, projected), tf.mul(b, n), tf.mul(c, tf.onesLike(dy))]), tf.sub(tf.mul(r, project(ofN)), throughR), tf.mul(r, t)];
}
