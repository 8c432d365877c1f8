import type { EinsumAttrs, TensorInfo } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { denseStrides, dispose, reshaped, sizeOf, type BackendWasm, type KernelCall } from './backend.js';
import { matMul } from './mat-mul.js';
import { sumOver } from './reduce.js';
import { materialized } from './strided.js';

/** A tensor whose axes have names: one letter each, as in the equation. */
interface Named {
  readonly tensor: TensorInfo;
  readonly labels: string;
}

/** A sum of products by equation, `bij,bjk->bik`, of one or two operands: a batch of matrix products between two rearrangements. */
export function einsum({ inputs, attrs, backend }: KernelCall<string, EinsumAttrs>): TensorInfo {
  const operands = Object.values(inputs);
  // Says what is wrong with an equation, in TensorFlow.js's words.
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(attrs.equation, operands.length);
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, operands as tf.Tensor[]);
  const [terms = '', output = ''] = attrs.equation.replaceAll(/\s/g, '').split('->');
  const [first, second] = terms.split(',').map((labels, i): Named => ({ tensor: operands[i] as TensorInfo, labels }));
  const left = withoutLoneLabels(backend, first as Named, (second?.labels ?? '') + output);
  if (!second) return finished(backend, left, output);
  const right = withoutLoneLabels(backend, second, left.labels + output);
  const product = multiplied(backend, left, right, output);
  dispose(backend, left.tensor, right.tensor);
  return finished(backend, product, output);
}

/** x with its axes in the output's order, in x's stead. */
function finished(backend: BackendWasm, x: Named, output: string): TensorInfo {
  const ordered = arranged(backend, x, output);
  dispose(backend, x.tensor);
  return ordered;
}

/** Takes the diagonal of repeated labels, and sums over those that nothing else mentions. */
function withoutLoneLabels(backend: BackendWasm, x: Named, elsewhere: string): Named {
  const labels = [...new Set(x.labels)];
  const kept = labels.filter((label) => elsewhere.includes(label));
  const lone = labels.filter((label) => !elsewhere.includes(label));
  const ordered = arranged(backend, x, [...kept, ...lone].join(''));
  if (lone.length === 0) return { tensor: ordered, labels: kept.join('') };
  const tensor = sumOver(backend, ordered, kept.length);
  dispose(backend, ordered);
  return { tensor, labels: kept.join('') };
}

/** Labels of both operands run over a batch where the output has them, and are summed over where it hasn't. */
function multiplied(backend: BackendWasm, a: Named, b: Named, output: string): Named {
  const shared = [...a.labels].filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => output.includes(label)).join('');
  const summed = shared.filter((label) => !output.includes(label)).join('');
  const rows = [...a.labels].filter((label) => !shared.includes(label)).join('');
  const columns = [...b.labels].filter((label) => !shared.includes(label)).join('');
  const matrices = (x: Named, first: string, second: string): TensorInfo => {
    const ordered = arranged(backend, x, batch + first + second);
    return { ...ordered, shape: [batch, first, second].map((group) => sizeOf(sizesOf(x, group))) };
  };
  const left = matrices(a, rows, summed);
  const right = matrices(b, summed, columns);
  const product = matMul(backend, left, right);
  dispose(backend, left, right);
  const shape = [...sizesOf(a, batch), ...sizesOf(a, rows), ...sizesOf(b, columns)];
  return { tensor: { ...product, shape }, labels: batch + rows + columns };
}

/** The axes in the order of `labels`; an axis that occurs twice in x is its diagonal. */
function arranged(backend: BackendWasm, x: Named, labels: string): TensorInfo {
  if (x.labels === labels) return reshaped(backend, x.tensor, x.tensor.shape);
  const own = denseStrides(x.tensor.shape);
  const strides = [...labels].map((label) =>
    [...x.labels].reduce((stride, other, axis) => stride + (other === label ? (own[axis] as number) : 0), 0),
  );
  return materialized(backend, sizesOf(x, labels), { tensor: x.tensor, offset: 0, strides });
}

function sizesOf(x: Named, labels: string): number[] {
  return [...labels].map((label) => x.tensor.shape[x.labels.indexOf(label)] as number);
}
