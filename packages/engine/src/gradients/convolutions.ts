import * as tf from '@tensorflow/tfjs';
import type { Correction } from './registry.js';

type Pair = [number, number];
interface ConvolutionAttrs {
  readonly strides: Pair;
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: Pair;
}

/**
 * A convolution's gradients are bilinear in (x, filter, dy), so that each one's gradients are the other two.
 * TensorFlow.js has them for the convolution and for Conv2DBackpropInput only.
 */
export const convolutions: readonly Correction[] = [
  {
    kernelName: 'Conv2DBackpropFilter',
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddw, [x, dy], attrs) => {
      const { strides, pad, dataFormat, dimRoundingMode } = attrs as unknown as ConvolutionAttrs;
      const inputShape = (x as tf.Tensor).shape;
      return {
        x: () => run('Conv2DBackpropInput', { dy: dy as tf.Tensor, filter: ddw }, { strides, pad, dataFormat, dimRoundingMode, inputShape }),
        dy: () => tf.conv2d(x as tf.Tensor4D, ddw as tf.Tensor4D, strides, pad, dataFormat, 1, dimRoundingMode),
      };
    },
  },
  {
    kernelName: 'DepthwiseConv2dNativeBackpropInput',
    inputsToSave: ['dy', 'filter'],
    gradFunc: (ddx, [dy, filter], attrs) => {
      const shared = sharedAttrs(attrs);
      const filterShape = (filter as tf.Tensor).shape;
      return {
        dy: () => depthwise(ddx, filter as tf.Tensor, attrs),
        filter: () => run('DepthwiseConv2dNativeBackpropFilter', { x: ddx, dy: dy as tf.Tensor }, { ...shared, filterShape }),
      };
    },
  },
  {
    kernelName: 'DepthwiseConv2dNativeBackpropFilter',
    inputsToSave: ['x', 'dy'],
    gradFunc: (ddw, [x, dy], attrs) => {
      const shared = sharedAttrs(attrs);
      const inputShape = (x as tf.Tensor).shape;
      return {
        x: () => run('DepthwiseConv2dNativeBackpropInput', { dy: dy as tf.Tensor, filter: ddw }, { ...shared, inputShape }),
        dy: () => depthwise(x as tf.Tensor, ddw, attrs),
      };
    },
  },
];

function sharedAttrs({ strides, pad, dimRoundingMode, dilations }: tf.NamedAttrMap): tf.NamedAttrMap {
  return { strides, pad, dimRoundingMode, dilations } as tf.NamedAttrMap;
}

function depthwise(x: tf.Tensor, filter: tf.Tensor, attrs: tf.NamedAttrMap): tf.Tensor {
  const { strides, pad, dilations, dimRoundingMode } = attrs as unknown as ConvolutionAttrs;
  return tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilations, dimRoundingMode);
}

function run(kernelName: string, inputs: tf.NamedTensorMap, attrs: Record<string, unknown>): tf.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;
}
