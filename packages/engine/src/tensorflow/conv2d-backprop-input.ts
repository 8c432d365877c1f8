import * as tf from '@tensorflow/tfjs';
import { ReplacedKernels } from '../replaced-kernels.js';
import type { TensorFlowBackend } from '../trace/backend.js';

/** With no more channels of images than these TensorFlow's own operation leaves most of each vector register empty. */
const FEW_CHANNELS = 4;

/**
 * Gradient of a strided convolution with respect to images of few channels, which is also the forward pass of a transposed convolution to
 * such images: the last layer of a generator, the first of a discriminator. As an ordinary convolution that makes a channel of each phase
 * (Shi et al. 2016, "Is the deconvolution layer the same as a convolutional layer?").
 *
 * Tap k of the kernel and row i of dy meet row R = s i + k of the padded images. With k = s u + a that is R = s (i + u) + a: each phase a
 * of the rows is a convolution of dy, over u, with every s-th tap, and depth-to-space lays the phases out.
 */
export function registerConv2DBackpropInput(): void {
  const kernels = new ReplacedKernels<TensorFlowBackend>('tensorflow');
  kernels.define<'dy' | 'filter', tf.Conv2DBackpropInputAttrs>('Conv2DBackpropInput', ({ inputs, attrs, backend }) => {
    const { dy, filter } = inputs as { readonly dy: tf.Tensor4D; readonly filter: tf.Tensor4D };
    const { strides, pad, dataFormat, dimRoundingMode, inputShape } = attrs;
    const info = dataFormat === 'NHWC' ? tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode) : undefined;
    return info && worthwhile(info) ? byPhases(dy, filter, info) : kernels.runStock('Conv2DBackpropInput', backend, { dy, filter }, { ...attrs });
  });
}

type ConvInfo = tf.backend_util.Conv2DInfo;

function worthwhile(info: ConvInfo): boolean {
  const { strideHeight, strideWidth, inChannels, inHeight, inWidth, padInfo } = info;
  const [down, across] = tapsOfAPhase(info);
  const covers = padInfo.top + inHeight <= (info.outHeight + down - 1) * strideHeight && padInfo.left + inWidth <= (info.outWidth + across - 1) * strideWidth;
  return inChannels <= FEW_CHANNELS && strideHeight === strideWidth && strideHeight > 1 && covers;
}

function tapsOfAPhase({ filterHeight, filterWidth, strideHeight, strideWidth }: ConvInfo): [down: number, across: number] {
  return [Math.ceil(filterHeight / strideHeight), Math.ceil(filterWidth / strideWidth)];
}

function byPhases(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvInfo): tf.Tensor {
  const { batchSize, inHeight, inWidth, inChannels, outChannels, filterHeight, filterWidth, strideHeight: stride, padInfo } = info;
  const [down, across] = tapsOfAPhase(info);
  return tf.tidy(() => {
    const whole = tf.pad(filter, [[0, down * stride - filterHeight], [0, across * stride - filterWidth], [0, 0], [0, 0]]);
    const phases = tf.transpose(tf.reshape(whole, [down, stride, across, stride, inChannels, outChannels]), [0, 2, 5, 1, 3, 4]);
    const taps = tf.reshape(tf.reverse(phases, [0, 1]), [down, across, outChannels, stride * stride * inChannels]) as tf.Tensor4D;
    const padded = tf.pad(dy, [[0, 0], [down - 1, down - 1], [across - 1, across - 1], [0, 0]]);
    const rows = tf.depthToSpace(tf.conv2d(padded, taps, 1, 'valid'), stride);
    return tf.slice(rows, [0, padInfo.top, padInfo.left, 0], [batchSize, inHeight, inWidth, inChannels]);
  });
}
