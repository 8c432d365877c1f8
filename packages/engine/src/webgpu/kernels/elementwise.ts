import * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';

/** A result each of whose elements is computed alone, from operands that lie in memory in any way. */
export interface Elementwise {
  /** With all that the code depends on. */
  readonly key: string;
  readonly operands: readonly string[];
  /** Operands of the result's size of which element i needs the value at i, once, and no other: what makes one of them can be part of the same program. */
  readonly aligned: readonly string[];
  readonly outShape: readonly number[];
  /**
   * WGSL: `fn $element(i: i32) -> f32`, with helpers if need be. An operand is a function of the index. A $ stands before the name of every function,
   * for what tells it from those of other operations in the same program.
   */
  readonly element: string;
}

const WORKGROUP = 128;

export function elementwise(backend: WebGPUBackend, what: Elementwise, inputs: tf.TensorInfo[]): tf.TensorInfo {
  return backend.runWebGPUProgram(new ElementwiseProgram(what), inputs, 'float32');
}

/** Also what a recording knows an elementwise operation of ours by. */
export class ElementwiseProgram implements WebGPUProgram {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly workgroupSize: [number, number, number] = [WORKGROUP, 1, 1];
  readonly dispatchLayout: { x: number[] };
  readonly dispatch: [number, number, number];
  readonly size = true;
  shaderKey: string;

  constructor(readonly what: Elementwise) {
    const { key, operands, outShape } = what;
    this.variableNames = [...operands];
    this.outputShape = [...outShape];
    this.dispatchLayout = { x: outShape.map((_, axis) => axis) };
    this.dispatch = [Math.ceil(tf.util.sizeFromShape(this.outputShape) / WORKGROUP), 1, 1];
    this.shaderKey = `elementwise ${key}`;
  }

  getUserCode(): string {
    const { operands, element } = this.what;
    return `
${operands.map((name) => `fn f_${name}(i: i32) -> f32 { return f32(${name}[i]); }`).join('\n')}
${element.replaceAll('$', 'f_')}
fn main(index: i32) {
  if (index < uniforms.size) { result[index] = f_element(index); }
}`;
  }
}
