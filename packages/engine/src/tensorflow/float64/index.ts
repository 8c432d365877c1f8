import type { Float64Algebra } from '@ganzoo/core';
import { Moments } from './moments.js';
import { PairKernel } from './pair-kernel.js';
import { traceOfRoot } from './trace-of-root.js';

/** Float64 by TensorFlow's kernels. */
export const tensorFlowFloat64: Float64Algebra = {
  moments: (columns) => new Moments(columns),
  traceOfRoot,
  cubicKernel: (columns) => new PairKernel(columns),
};
