import * as tf from '@tensorflow/tfjs';
import { linear, type LinearMap } from './linear.js';
import type { Correction } from './registry.js';

type Resize = (images: tf.Tensor4D, size: [number, number], alignCorners?: boolean, halfPixelCenters?: boolean) => tf.Tensor4D;

export const resizing: readonly Correction[] = [correction('ResizeNearestNeighbor', tf.image.resizeNearestNeighbor), correction('ResizeBilinear', tf.image.resizeBilinear)];

function correction(kernelName: string, resize: Resize): Correction {
  return {
    kernelName,
    inputsToSave: ['images'],
    gradFunc: (dy, [images], attrs) => {
      const { size, alignCorners = false, halfPixelCenters = false } = attrs as { size: [number, number]; alignCorners?: boolean; halfPixelCenters?: boolean };
      const [, height, width] = (images as tf.Tensor4D).shape;
      const options = [alignCorners, halfPixelCenters] as const;
      const repeats = resize === tf.image.resizeNearestNeighbor && !alignCorners && size[0] % height === 0 && size[1] % width === 0;
      const apply: LinearMap['apply'] = repeats
        ? (dy) => blockSums(dy as tf.Tensor4D, [size[0] / height, size[1] / width])
        : (dy) => interpolatedBack(dy as tf.Tensor4D, matrix(resize, height, size[0], options), matrix(resize, width, size[1], options));
      return { images: () => linear(dy, { apply, adjoint: (x) => resize(x as tf.Tensor4D, size, ...options) }) };
    },
  };
}

/** Each pixel was repeated in a block. */
function blockSums(dy: tf.Tensor4D, block: [number, number]): tf.Tensor {
  return tf.mul(tf.avgPool(dy, block, block, 'valid'), block[0] * block[1]);
}

/** What a resize makes of one axis, [to, from], seen by resizing the identity: so it is exactly what the engine's kernel does. */
function matrix(resize: Resize, from: number, to: number, options: readonly [boolean, boolean]): tf.Tensor2D {
  return tf.reshape(resize(tf.reshape(tf.eye(from), [1, from, 1, from]), [to, 1], ...options), [to, from]);
}

/** dx = rows^T dy columns, for every sample and channel. */
function interpolatedBack(dy: tf.Tensor4D, rows: tf.Tensor2D, columns: tf.Tensor2D): tf.Tensor {
  const [n, toHeight, toWidth, channels] = dy.shape;
  const [height, width] = [rows.shape[1], columns.shape[1]];
  const byRow = tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [toHeight, n * toWidth * channels]);
  const down = tf.reshape(tf.matMul(rows, byRow, true), [height, n, toWidth, channels]);
  const byColumn = tf.reshape(tf.transpose(down, [2, 1, 0, 3]), [toWidth, n * height * channels]);
  return tf.transpose(tf.reshape(tf.matMul(columns, byColumn, true), [width, n, height, channels]), [1, 2, 0, 3]);
}
