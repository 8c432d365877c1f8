import * as tf from '@tensorflow/tfjs';
import { linear } from './linear.js';
import type { Correction } from './registry.js';

export const rearranging: readonly Correction[] = [
  {
    // TensorFlow.js's own is wrong: it leaves out what flows back through the mirrored border.
    kernelName: 'MirrorPad',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const { paddings, mode } = attrs as unknown as { paddings: [number, number][]; mode: 'reflect' | 'symmetric' };
      const shape = (x as tf.Tensor).shape;
      return {
        x: () =>
          linear(dy, {
            apply: (dy) => shape.reduce((folded, size, axis) => unmirrored(folded, axis, size, paddings[axis] as [number, number], mode), tf.clone(dy)),
            adjoint: (ddx) => tf.mirrorPad(ddx, paddings, mode),
          }),
      };
    },
  },
  {
    kernelName: 'DepthToSpace',
    gradFunc: (dy, _, { blockSize, dataFormat }) => ({ x: () => spaceToDepth(dy, blockSize as number, dataFormat as 'NHWC' | 'NCHW') }),
  },
  {
    kernelName: 'StridedSlice',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({ x: () => strewn(dy, (x as tf.Tensor).shape, attrs as unknown as StridedSliceAttrs) }),
  },
];

/** Folds both borders of one axis back to where they came from. */
function unmirrored(dy: tf.Tensor, axis: number, size: number, [before, after]: [number, number], mode: 'reflect' | 'symmetric'): tf.Tensor {
  const skipped = mode === 'reflect' ? 1 : 0; // the border pixel itself is not repeated
  const part = (start: number, length: number): tf.Tensor =>
    tf.slice(dy, dy.shape.map((_, i) => (i === axis ? start : 0)), dy.shape.map((all, i) => (i === axis ? length : all)));
  const placed = (strip: tf.Tensor, start: number): tf.Tensor =>
    tf.pad(tf.reverse(strip, axis), dy.shape.map((_, i): [number, number] => (i === axis ? [start, size - start - (strip.shape[axis] as number)] : [0, 0])));
  let folded = part(before, size);
  if (before > 0) folded = tf.add(folded, placed(part(0, before), skipped));
  if (after > 0) folded = tf.add(folded, placed(part(before + size, after), size - skipped - after));
  return folded;
}

/** [n, h b, w b, c] -> [n, h, w, b b c] (and so with channels first) */
function spaceToDepth(dy: tf.Tensor, block: number, dataFormat: 'NHWC' | 'NCHW'): tf.Tensor {
  const [n, ...sides] = dy.shape as [number, number, number, number];
  if (dataFormat === 'NHWC') {
    const [height, width, channels] = [sides[0] / block, sides[1] / block, sides[2]];
    const blocks = tf.transpose(tf.reshape(dy, [n, height, block, width, block, channels]), [0, 1, 3, 2, 4, 5]);
    return tf.reshape(blocks, [n, height, width, block * block * channels]);
  }
  const [channels, height, width] = [sides[0], sides[1] / block, sides[2] / block];
  const blocks = tf.transpose(tf.reshape(dy, [n, channels, height, block, width, block]), [0, 3, 5, 1, 2, 4]);
  return tf.reshape(blocks, [n, block * block * channels, height, width]);
}

type StridedSliceAttrs = Record<'begin' | 'end' | 'strides', number[]> & Record<'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask', number>;

/** Puts every element back where the slice took it, zeros between. */
function strewn(dy: tf.Tensor, shape: number[], attrs: StridedSliceAttrs): tf.Tensor {
  const { begin, end, strides } = tf.slice_util.sliceInfo(
    shape, attrs.begin, attrs.end, attrs.strides, attrs.beginMask, attrs.endMask, attrs.ellipsisMask, attrs.newAxisMask, attrs.shrinkAxisMask,
  );
  if (dy.size === 0) return tf.zeros(shape);
  const start = tf.reshape(dy, tf.slice_util.computeOutShape(begin, end, strides));
  return shape.reduce((sparse, size, axis) => strewnAlong(sparse, axis, size, begin[axis] as number, strides[axis] as number), start);
}

function strewnAlong(dy: tf.Tensor, axis: number, size: number, begin: number, stride: number): tf.Tensor {
  const count = dy.shape[axis] as number;
  if (count === size && stride === 1) return dy;
  const product = (sides: number[]): number => sides.reduce((all, side) => all * side, 1);
  const [outer, inner] = [product(dy.shape.slice(0, axis)), product(dy.shape.slice(axis + 1))];
  const step = Math.abs(stride);
  const length = (count - 1) * step + 1;
  const apart = tf.reshape(tf.pad(tf.reshape(dy, [outer, count, 1, inner]), [[0, 0], [0, 0], [0, step - 1], [0, 0]]), [outer, count * step, inner]);
  const sparse = tf.slice(apart, [0, 0, 0], [outer, length, inner]);
  const first = stride > 0 ? begin : begin - (length - 1);
  const whole = tf.pad(stride > 0 ? sparse : tf.reverse(sparse, 1), [[0, 0], [first, size - first - length], [0, 0]]);
  return tf.reshape(whole, dy.shape.map((side, i) => (i === axis ? size : side)));
}
