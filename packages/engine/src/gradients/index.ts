import { activations } from './activations.js';
import { comparisons } from './comparisons.js';
import { convolutions } from './convolutions.js';
import { pooling } from './pooling.js';
import { rearranging } from './rearranging.js';
import { reductions } from './reductions.js';
import { register } from './registry.js';
import { resizing } from './resizing.js';
import { connectSavedOutputs } from './saved-outputs.js';

/**
 * Corrects TensorFlow.js's gradients, for the back end in use and every other: `loadEngine` calls it, and so does whoever
 * runs variants with gradient penalties on TensorFlow.js alone, in a browser. May be called more than once.
 *
 * In TensorFlow.js 4.22 a gradient of a gradient throws for leakyRelu, prelu, elu, selu, relu6, avgPool, maxPool, max, min,
 * maximum, minimum, clipByValue, resizing and depthwise convolution, and is silently wrong for tanh, sigmoid, exp, softmax,
 * logSoftmax and pow, because an output that was saved for the backward pass counts as a constant: (x tanh x)'' at .7 gives
 * 1.2695 instead of .7324. First-order gradients are wrong for mirrorPad, missing for depthToSpace and stridedSlice, and do
 * not add up what maximum and minimum broadcast. Still without a second order: 3-D pooling, local response normalization;
 * still without any: einsum, dilated convolutions. Still silently wrong in second order: `tf.losses.softmaxCrossEntropy`, which keeps
 * an intermediate result; put it together from `tf.logSoftmax` where that matters.
 */
export function correctGradients(): void {
  connectSavedOutputs();
  for (const correction of [activations, comparisons, convolutions, pooling, rearranging, reductions, resizing].flat()) register(correction);
}
