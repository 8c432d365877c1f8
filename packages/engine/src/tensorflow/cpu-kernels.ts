import * as tf from '@tensorflow/tfjs';
import { type KernelCall, ReplacedKernels } from '../replaced-kernels.js';
import { type TensorFlowBackend, tensorFlowBackend } from '../trace/backend.js';
import type { OperationAttribute } from '../trace/recording.js';

/**
 * tfjs-node calls TensorFlow's most general operation of a kind. Where a special case has one that is faster on the CPU, this takes that one. Not for GPUs, where it was not measured and products may be rounded to TF32.
 *
 * Products themselves stay `BatchMatMulV2`, although `MatMul` is faster: operation by operation it runs oneDNN 3's sgemm in this thread, which moves the
 * stack pointer out of the stack, so that a signal, as Node's profiler sends many, writes over the heap; and in graphs alone its last bits, which
 * differ, would take a traced step further from the eager one than a thousandth where activations change sides.
 */
export function registerCpuKernels(): void {
  const kernels = new ReplacedKernels<TensorFlowBackend>('tensorflow');
  kernels.define<'x', tf.SumAttrs>('Sum', (call) => (isSumOfRows(call) ? sumOfRows(call) : kernels.runStock('Sum', call.backend, { ...call.inputs }, { ...call.attrs })));
}

/** With fewer columns TensorFlow's `Sum` is as fast. */
const FEWEST_COLUMNS = 8;

/** Over all axes but the last ones, as for a bias's gradient. */
function isSumOfRows({ inputs: { x }, attrs }: KernelCall<'x', tf.SumAttrs, TensorFlowBackend>): boolean {
  const axes = tf.util.parseAxisParam(attrs.axis, x.shape);
  const [rows, columns] = rowsAndColumns(x.shape, axes.length);
  return x.dtype === 'float32' && axes.length > 0 && [...axes].sort((one, other) => one - other).every((axis, i) => axis === i) && rows > 1 && columns >= FEWEST_COLUMNS;
}

/**
 * As the gradient of a bias, which it is in most networks: two to seven times as fast as TensorFlow's `Sum`. It adds one row after the other, in
 * single precision, so rows are added in two steps, which keeps six digits of thousands where one kept less than five. Nor does TensorFlow then merge it into
 * a convolution's gradient, whose last bits would differ from those of a step operation by operation.
 */
function sumOfRows({ inputs, attrs: { axis, keepDims }, backend }: KernelCall<'x', tf.SumAttrs, TensorFlowBackend>): tf.Tensor {
  const x = inputs.x as tf.Tensor;
  const { length: summed } = tf.util.parseAxisParam(axis, x.shape);
  const [rows, columns] = rowsAndColumns(x.shape, summed);
  const left = [...(keepDims ? Array.from({ length: summed }, () => 1) : []), ...x.shape.slice(summed)];
  const blocks = blocksOf(rows);
  const attributes = [floats('T'), { name: 'data_format', type: backend.binding.TF_ATTR_STRING, value: 'NHWC' }];
  const added = (of: tf.Tensor, shape: [number, number]): tf.Tensor => backend.executeSingleOutput('BiasAddGrad', attributes, [tf.reshape(of, shape)]);
  return tf.tidy(() => {
    const first = added(x, [rows / blocks, blocks * columns]);
    return tf.reshape(blocks === 1 ? first : added(first, [blocks, columns]), left);
  });
}

/** About the root of a number that has enough factors of two. */
function blocksOf(rows: number): number {
  let blocks = 1;
  while (rows % (2 * blocks) === 0 && 4 * blocks * blocks <= rows) blocks *= 2;
  return blocks;
}

function rowsAndColumns(shape: readonly number[], summed: number): [rows: number, columns: number] {
  return [tf.util.sizeFromShape(shape.slice(0, summed)), tf.util.sizeFromShape(shape.slice(summed))];
}

function floats(name: string): OperationAttribute {
  const { TF_ATTR_TYPE, TF_FLOAT } = tensorFlowBackend().binding;
  return { name, type: TF_ATTR_TYPE, value: TF_FLOAT };
}
