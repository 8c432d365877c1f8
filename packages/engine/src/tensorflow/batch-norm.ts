import { BATCH_NORM_TRAINING } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { BATCH_NORM_TRAINING_GRADIENT, registerBatchNormGradients } from '../gradients/batch-norm.js';
import { tensorFlowBackend } from '../trace/backend.js';
import type { OperationAttribute } from '../trace/recording.js';

/** Ioffe and Szegedy 2015 (arXiv 1502.03167), Algorithm 1, as one TensorFlow operation for the way there and one for the way back. */
export function registerBatchNorm(): void {
  registerBatchNormGradients();
  tf.registerKernel({
    kernelName: BATCH_NORM_TRAINING,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { x, scale, offset }, attrs }) => {
      const none = tf.tensor1d([], 'float32'); // the running statistics, which it does not read in training
      const results = tensorFlowBackend().executeMultipleOutputs('FusedBatchNormV3', attributes(attrs as Attributes), [x, scale, offset, none, none] as tf.Tensor[], 6);
      none.dispose();
      return results;
    },
  });
  tf.registerKernel({
    kernelName: BATCH_NORM_TRAINING_GRADIENT,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs: { dy, x, scale, ...kept }, attrs }) => {
      const operands = [dy, x, scale, kept.kept1, kept.kept2, kept.kept3] as tf.Tensor[];
      const [dx, dScale, dOffset, ...unused] = tensorFlowBackend().executeMultipleOutputs('FusedBatchNormGradV3', attributes(attrs as Attributes), operands, 5);
      tf.dispose(unused);
      return [dx, dScale, dOffset] as tf.Tensor[];
    },
  });
}

interface Attributes extends tf.NamedAttrMap {
  readonly epsilon: number;
}

function attributes({ epsilon }: Attributes): OperationAttribute[] {
  const { binding } = tensorFlowBackend();
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
}
