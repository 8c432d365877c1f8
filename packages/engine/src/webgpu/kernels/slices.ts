import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

const WORKGROUP = 64;

/** The sum of x [slices, ...shape] over its first axis, one slice after the other. @returns [...shape] */
export function sumOfSlices(backend: WebGPUBackend, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  return backend.runWebGPUProgram(new SumOfSlices(x.shape[0] as number, shape), [x], 'float32');
}

class SumOfSlices implements WebGPUProgram {
  readonly variableNames = ['x'];
  readonly outputShape: number[];
  readonly workgroupSize: [number, number, number] = [WORKGROUP, 1, 1];
  readonly dispatchLayout: { x: number[] };
  readonly dispatch: [number, number, number];
  readonly size = true;
  shaderKey: string;

  constructor(
    private readonly slices: number,
    shape: readonly number[],
  ) {
    this.outputShape = [...shape];
    this.dispatchLayout = { x: shape.map((_, axis) => axis) };
    this.dispatch = [Math.ceil(tf.util.sizeFromShape(this.outputShape) / WORKGROUP), 1, 1];
    this.shaderKey = `sumOfSlices ${slices}`;
  }

  getUserCode(): string {
    return `
fn main(index: i32) {
  if (index >= uniforms.size) { return; }
  var sum = x[index];
  for (var slice = 1; slice < ${this.slices}; slice++) { sum += x[slice * uniforms.size + index]; }
  result[index] = sum;
}`;
  }
}
