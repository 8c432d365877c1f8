import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { elementwise } from './elementwise.js';

/** The sum of x [slices, ...shape] over its first axis, one slice after the other. @returns [...shape] */
export function sumOfSlices(backend: WebGPUBackend, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  const [slices] = x.shape as [number];
  const size = tf.util.sizeFromShape([...shape]);
  const element = `fn $element(i: i32) -> f32 {
    var sum = $x(i);
    for (var slice = 1; slice < ${slices}; slice++) { sum += $x(slice * ${size} + i); }
    return sum;
  }`;
  return elementwise(backend, { key: `sumOfSlices ${slices} ${size}`, operands: ['x'], aligned: [], outShape: shape, element }, [x]);
}
