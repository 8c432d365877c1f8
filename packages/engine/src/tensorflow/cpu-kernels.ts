import * as tf from '@tensorflow/tfjs';
import { type KernelCall, ReplacedKernels } from '../replaced-kernels.js';
import { type TensorFlowBackend, tensorFlowBackend } from '../trace/backend.js';
import { asOperation, type OperationAttribute } from '../trace/recording.js';

/**
 * tfjs-node calls TensorFlow's most general operation of a kind. Where the special case has an operation that is faster on the CPU, or that
 * TensorFlow can merge with its neighbours, these take that one. Not for GPUs, where it was not measured and products may be rounded to TF32.
 */
export function registerCpuKernels(): void {
  const kernels = new ReplacedKernels<TensorFlowBackend>('tensorflow');
  kernels.define<'a' | 'b', tf.BatchMatMulAttrs>('BatchMatMul', ({ inputs, attrs, backend }) => {
    const { a, b } = inputs;
    if (!isFloatMatrix(a) || !isFloatMatrix(b) || !hasVector(a, b)) return kernels.runStock('BatchMatMul', backend, { ...inputs }, { ...attrs });
    return product(a, b, attrs);
  });
  kernels.define<'x', tf.SumAttrs>('Sum', (call) => (isSumOfRows(call) ? sumOfRows(call) : kernels.runStock('Sum', call.backend, { ...call.inputs }, { ...call.attrs })));
  kernels.define<'x', tf.PadV2Attrs>('PadV2', ({ inputs, attrs, backend }) => {
    if (attrs.constantValue !== 0 || inputs.x.dtype !== 'float32') return kernels.runStock('PadV2', backend, { ...inputs }, { ...attrs });
    return padWithZeros(inputs.x as tf.Tensor, attrs.paddings);
  });
}

function isFloatMatrix({ shape, dtype }: tf.TensorInfo): boolean {
  return shape.length === 2 && dtype === 'float32';
}

/** A row, a column, or both. */
function hasVector(a: tf.TensorInfo, b: tf.TensorInfo): boolean {
  return [...a.shape, ...b.shape].includes(1);
}

/**
 * In a graph as `MatMul`: `BatchMatMulV2` takes up to six times as long where one side is a vector. Not operation by operation: oneDNN 3's sgemm, which
 * `MatMul` runs then in this thread, moves the stack pointer out of the stack, so that a signal, as Node's profiler sends many, writes over
 * the heap. TensorFlow runs graphs in threads of its own, which get none. And not for two matrices, though it is faster, too: the two differ in the last bits,
 * and a traced move whose activations change sides with them would be further from the eager one than a thousandth.
 */
function product(a: tf.TensorInfo, b: tf.TensorInfo, { transposeA, transposeB }: tf.BatchMatMulAttrs): tf.Tensor {
  const backend = tensorFlowBackend();
  const { TF_ATTR_BOOL } = backend.binding;
  const attributes = (left: string, right: string): OperationAttribute[] => [floats('T'), { name: left, type: TF_ATTR_BOOL, value: transposeA }, { name: right, type: TF_ATTR_BOOL, value: transposeB }];
  const compute = (): tf.Tensor[] => [backend.executeSingleOutput('BatchMatMulV2', attributes('adj_x', 'adj_y'), [a, b] as tf.Tensor[])];
  return asOperation('MatMul', attributes('transpose_a', 'transpose_b'), [a, b], compute)[0] as tf.Tensor;
}

/** Over all axes but the last ones, as for a bias's gradient, and not down to a single number, which TensorFlow's own operation does well. */
function isSumOfRows({ inputs: { x }, attrs }: KernelCall<'x', tf.SumAttrs, TensorFlowBackend>): boolean {
  const axes = tf.util.parseAxisParam(attrs.axis, x.shape);
  const [rows, columns] = rowsAndColumns(x.shape, axes.length);
  return x.dtype === 'float32' && axes.length > 0 && [...axes].sort((one, other) => one - other).every((axis, i) => axis === i) && rows > 1 && columns > 1;
}

/**
 * A row of ones times the rows: from a few dozen rows and columns on three to twenty times as fast in a graph as TensorFlow's `Sum`. A product adds
 * one row after the other, in single precision; thousands of them are added in two steps, which keeps six digits where one kept less than five.
 */
function sumOfRows({ inputs, attrs: { axis, keepDims } }: KernelCall<'x', tf.SumAttrs, TensorFlowBackend>): tf.Tensor {
  const x = inputs.x as tf.Tensor;
  const { length: summed } = tf.util.parseAxisParam(axis, x.shape);
  const [rows, columns] = rowsAndColumns(x.shape, summed);
  const left = [...(keepDims ? Array.from({ length: summed }, () => 1) : []), ...x.shape.slice(summed)];
  const blocks = rows < MANY_ROWS ? 1 : blocksOf(rows);
  return tf.tidy(() => {
    const first = onesTimes(rows / blocks, blocks * columns, x);
    return tf.reshape(blocks === 1 ? first : onesTimes(blocks, columns, first), left);
  });
}

const MANY_ROWS = 4096;

/** About the root of a number that has enough factors of two. */
function blocksOf(rows: number): number {
  let blocks = 1;
  while (rows % (2 * blocks) === 0 && 4 * blocks * blocks <= rows) blocks *= 2;
  return blocks;
}

function onesTimes(rows: number, columns: number, x: tf.Tensor): tf.Tensor {
  const row: [number, number] = [1, rows];
  return product(tf.fill(row, 1), tf.reshape(x, [rows, columns]), { transposeA: false, transposeB: false });
}

function rowsAndColumns(shape: readonly number[], summed: number): [rows: number, columns: number] {
  return [tf.util.sizeFromShape(shape.slice(0, summed)), tf.util.sizeFromShape(shape.slice(summed))];
}

/** `Pad` instead of `PadV2` with a 0: TensorFlow merges it into a convolution that follows. */
function padWithZeros(x: tf.Tensor, paddings: readonly (readonly [number, number])[]): tf.Tensor {
  const backend = tensorFlowBackend();
  const { TF_ATTR_TYPE, TF_INT32 } = backend.binding;
  return tf.tidy(() => backend.executeSingleOutput('Pad', [floats('T'), { name: 'Tpaddings', type: TF_ATTR_TYPE, value: TF_INT32 }], [x, tf.tensor2d(paddings.flat(), [paddings.length, 2], 'int32')]));
}

function floats(name: string): OperationAttribute {
  const { TF_ATTR_TYPE, TF_FLOAT } = tensorFlowBackend().binding;
  return { name, type: TF_ATTR_TYPE, value: TF_FLOAT };
}
