import type { CastAttrs, LeakyReluAttrs, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { addressOf, dispose, reshaped, runStock, sizeOf, type BackendWasm, type KernelCall } from './backend.js';
import type { SimdKernel } from './simd.js';
import { broadcasted, materialized } from './strided.js';
import { inParts, WORTHWHILE_ELEMENTS } from './threads.js';

type Unary = (call: KernelCall<'x', object>) => TensorInfo;
type Binary = (call: KernelCall<'a' | 'b', object>) => TensorInfo;

/** Runs a kernel that makes one element from each of its operands. */
function elementByElement(backend: BackendWasm, kernel: SimdKernel, size: number, argumentsFor: (first: number, count: number) => number[]): void {
  inParts(backend, kernel, { size, worthwhile: WORTHWHILE_ELEMENTS, grain: 16 }, argumentsFor);
}

export const sqrt = unaryKernel('Sqrt', 'squareRoot');
export const rsqrt = unaryKernel('Rsqrt', 'reciprocalSquareRoot');
export const exp = unaryKernel('Exp', 'exponential');
export const tanh = unaryKernel('Tanh', 'hyperbolicTangent');

function unaryKernel(name: string, kernel: 'squareRoot' | 'reciprocalSquareRoot' | 'exponential' | 'hyperbolicTangent'): Unary {
  return ({ inputs: { x }, attrs, backend }) => {
    if (x.dtype !== 'float32') return runStock(name, backend, { x }, attrs as NamedAttrMap);
    const out = backend.makeOutput(x.shape, 'float32');
    const [to, from] = [addressOf(backend, out), addressOf(backend, x)];
    elementByElement(backend, kernel, sizeOf(x.shape), (first, count) => [to + 4 * first, from + 4 * first, count]);
    return out;
  };
}

export function leakyRelu({ inputs: { x }, attrs, backend }: KernelCall<'x', LeakyReluAttrs>): TensorInfo {
  if (x.dtype !== 'float32') return runStock('LeakyRelu', backend, { x }, attrs as unknown as NamedAttrMap);
  const out = backend.makeOutput(x.shape, 'float32');
  const [to, from] = [addressOf(backend, out), addressOf(backend, x)];
  elementByElement(backend, 'leakyRelu', sizeOf(x.shape), (first, count) => [to + 4 * first, from + 4 * first, attrs.alpha, count]);
  return out;
}

/** The numbers are those of `Relation` in `assembly/elementwise.ts`. */
export const greater = comparisonKernel('Greater', 0);
export const greaterEqual = comparisonKernel('GreaterEqual', 1);
export const less = comparisonKernel('Less', 2);
export const lessEqual = comparisonKernel('LessEqual', 3);
export const equal = comparisonKernel('Equal', 4);
export const notEqual = comparisonKernel('NotEqual', 5);

function comparisonKernel(name: string, relation: number): Binary {
  return binaryKernel(name, 'bool', 'compare', [relation]);
}

export const maximum = binaryKernel('Maximum', 'float32', 'maximum');
export const minimum = binaryKernel('Minimum', 'float32', 'minimum');

/** @param options the kernel's first arguments */
function binaryKernel(name: string, dtype: 'bool' | 'float32', kernel: 'compare' | 'maximum' | 'minimum', options: readonly number[] = []): Binary {
  return ({ inputs: { a, b }, attrs, backend }) => {
    if (a.dtype !== 'float32' || b.dtype !== 'float32') return runStock(name, backend, { a, b }, attrs as NamedAttrMap);
    const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const out = backend.makeOutput(shape, dtype);
    const left = operandOf(backend, a, shape);
    const right = operandOf(backend, b, shape);
    const [to, a0, b0] = [out, left.values, right.values].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
    const bytes = dtype === 'bool' ? 1 : 4;
    elementByElement(backend, kernel, sizeOf(shape), (first, count) => [
      ...options, to + bytes * first, a0 + 4 * first * left.step, b0 + 4 * first * right.step, count, left.step, right.step,
    ]);
    dispose(backend, left.values, right.values);
    return out;
  };
}

/** One number stays as it is and is used throughout; anything else takes the result's shape. */
function operandOf(backend: BackendWasm, x: TensorInfo, shape: readonly number[]): { values: TensorInfo; step: number } {
  if (sizeOf(x.shape) === 1) return { values: reshaped(backend, x, x.shape), step: 0 };
  if (sizeOf(x.shape) === sizeOf(shape)) return { values: reshaped(backend, x, x.shape), step: 1 };
  return { values: materialized(backend, shape, broadcasted(x, shape)), step: 1 };
}

/** The numbers are those of `Arithmetic` in `assembly/elementwise.ts`. */
export const add = arithmeticKernel('Add', 0);
export const subtract = arithmeticKernel('Sub', 1);
export const multiply = arithmeticKernel('Multiply', 2);
export const divide = arithmeticKernel('RealDiv', 3);

/** Small maps, and what is spread otherwise than as one number or one row, are left to the stock kernel, which is as good on one thread. */
function arithmeticKernel(name: string, operation: number): Binary {
  return ({ inputs: { a, b }, attrs, backend }) => {
    const shape = tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const size = sizeOf(shape);
    const columns = rowOf(a, shape) ?? rowOf(b, shape) ?? size;
    const [left, right] = [a, b].map((x) => layoutOf(x, shape, columns));
    const ours = a.dtype === 'float32' && b.dtype === 'float32' && size >= WORTHWHILE_ELEMENTS;
    if (!ours || !left || !right) return runStock(name, backend, { a, b }, attrs as NamedAttrMap);
    const out = backend.makeOutput(shape, 'float32');
    const [to, a0, b0] = [out, a, b].map((tensor) => addressOf(backend, tensor)) as [number, number, number];
    if (columns === size) {
      elementByElement(backend, 'combine', size, (first, count) => [operation, to + 4 * first, a0 + 4 * first * left.step, b0 + 4 * first * right.step, 1, count, left.step, right.step, 0, 0]);
    } else {
      const rows = { size: size / columns, worthwhile: WORTHWHILE_ELEMENTS / columns };
      inParts(backend, 'combine', rows, (first, count) => [
        operation, to + 4 * first * columns, a0 + 4 * first * left.row, b0 + 4 * first * right.row, count, columns, left.step, right.step, left.row, right.row,
      ]);
    }
    return out;
  };
}

/** Of an operand that is the same row throughout, such as a number for each channel: its length. */
function rowOf(x: TensorInfo, shape: readonly number[]): number | undefined {
  const size = sizeOf(x.shape);
  if (size === 1 || size === sizeOf(shape)) return undefined;
  const trailing = x.shape.slice(x.shape.findIndex((n) => n !== 1));
  return trailing.every((n, i) => n === shape[shape.length - trailing.length + i]) ? size : undefined;
}

/** How far, in numbers, the operand advances from number to number, and from row to row; undefined when it is neither one number, nor one row of this length, nor whole. */
function layoutOf(x: TensorInfo, shape: readonly number[], columns: number): { readonly step: number; readonly row: number } | undefined {
  const size = sizeOf(x.shape);
  if (size === 1) return { step: 0, row: 0 };
  if (size === sizeOf(shape)) return { step: 1, row: columns };
  return rowOf(x, shape) === columns ? { step: 1, row: 0 } : undefined;
}

export function square(call: KernelCall<'x', object>): TensorInfo {
  const { x } = call.inputs;
  return sizeOf(x.shape) < WORTHWHILE_ELEMENTS ? runStock('Square', call.backend, { x }, call.attrs as NamedAttrMap) : multiply({ ...call, inputs: { a: x, b: x } });
}

/** Masks of booleans become numbers; other casts are left to the stock kernel. */
export function cast({ inputs: { x }, attrs, backend }: KernelCall<'x', CastAttrs>): TensorInfo {
  if (x.dtype !== 'bool' || attrs.dtype !== 'float32') return runStock('Cast', backend, { x }, attrs as unknown as NamedAttrMap);
  const out = backend.makeOutput(x.shape, 'float32');
  const [to, from] = [addressOf(backend, out), addressOf(backend, x)];
  elementByElement(backend, 'floatsOfBytes', sizeOf(x.shape), (first, count) => [to + 4 * first, from + first, count]);
  return out;
}

export function select({ inputs, backend }: KernelCall<'condition' | 't' | 'e', object>): TensorInfo {
  const { condition, t, e } = inputs;
  const size = sizeOf(t.shape);
  const ours = (t.dtype === 'float32' || t.dtype === 'int32') && condition.dtype === 'bool' && e.dtype === t.dtype;
  if (!ours || sizeOf(condition.shape) !== size || sizeOf(e.shape) !== size) return runStock('Select', backend, inputs);
  const out = backend.makeOutput(t.shape, t.dtype);
  const [to, which, whenTrue, whenFalse] = [out, condition, t, e].map((tensor) => addressOf(backend, tensor)) as [number, number, number, number];
  elementByElement(backend, 'select', size, (first, count) => [to + 4 * first, which + first, whenTrue + 4 * first, whenFalse + 4 * first, count]);
  return out;
}
