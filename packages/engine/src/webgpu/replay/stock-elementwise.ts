import * as tf from '@tensorflow/tfjs';
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { Elementwise } from '../kernels/elementwise.js';

/** TensorFlow.js 4.22's numbers of operations on one value (UnaryOpType) that networks and losses here are made of, with a as the operand. */
const UNARY: Readonly<Record<number, string>> = {
  0: 'abs(a)',
  12: 'exp(a)',
  22: '-a',
  23: 'select(a, 0.0, a < 0.0)',
  25: 'select(a, alpha * a, a < 0.0)',
  28: 'inverseSqrt(a)',
  30: '1.0 / (1.0 + exp(-a))',
  34: 'max(a, 0.0) + log(1.0 + exp(-abs(a)))',
  35: 'sqrt(a)',
  36: 'a * a',
  39: 'sign(a) * (1.0 - exp(-2.0 * abs(a))) / (1.0 + exp(-2.0 * abs(a)))',
};

/** And of operations on two (BinaryOpType). Not the larger and the smaller of them: WGSL's may lose a NaN, which must reach the loss. */
const BINARY: Readonly<Record<number, string>> = { 0: 'a + b', 4: 'a / b', 17: 'a * b', 21: '(a - b) * (a - b)', 22: 'a - b' };

/** Numbers that a program is given, as TensorFlow.js hands them to it. */
type Uniforms = readonly { readonly type: string; readonly data: readonly number[] }[] | undefined;

/** One of TensorFlow.js's own elementwise programs as an operation that can be part of another program; undefined when it is none of those above. */
export function stockElementwise(program: WebGPUProgram, result: tf.TensorInfo, operands: readonly tf.TensorInfo[], uniforms: Uniforms): Elementwise | undefined {
  const [kind, operation] = program.shaderKey.split('_');
  const names = { unary: ['a'], binary: ['a', 'b'] }[kind ?? ''];
  const formula = { unary: UNARY, binary: BINARY }[kind ?? '']?.[Number(operation)];
  if (names === undefined || formula === undefined || operands.length !== names.length) return undefined;
  const indices = operands.map(({ shape }) => indexOf(shape, result.shape));
  if (indices.includes(undefined)) return undefined;
  const [alpha] = uniforms?.[0]?.data ?? [];
  const lines = [...(alpha === undefined ? [] : [`let alpha = ${alpha.toExponential()};`]), ...names.map((name, k) => `let ${name} = $${name}(${indices[k]});`)];
  return { key: program.shaderKey, operands: names, aligned: names.filter((_, k) => indices[k] === 'i'), outShape: result.shape, element: `fn $element(i: i32) -> f32 { ${lines.join(' ')} return ${formula}; }` };
}

/** Where element i of the result finds an operand's value, when that is simple: the same place, the only one, or the same place in its last axes. */
function indexOf(shape: readonly number[], outShape: readonly number[]): string | undefined {
  const own = withoutLeadingOnes(shape);
  const size = tf.util.sizeFromShape(own);
  if (size === 1) return tf.util.sizeFromShape([...outShape]) === 1 ? 'i' : '0';
  const out = withoutLeadingOnes(outShape);
  if (own.length > out.length || own.some((length, k) => length !== out[out.length - own.length + k])) return undefined;
  return own.length === out.length ? 'i' : `i % ${size}`;
}

function withoutLeadingOnes(shape: readonly number[]): number[] {
  const first = shape.findIndex((length) => length !== 1);
  return first < 0 ? [] : shape.slice(first);
}
