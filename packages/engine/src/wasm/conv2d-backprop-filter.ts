import type { Conv2DBackpropFilterAttrs, TensorInfo } from '@tensorflow/tfjs';
import { dispose, type KernelCall } from './backend.js';
import { convInfoOf, denseAlong, paddingOf, withZeros, type Shape4D } from './conv2d.js';
import { multiply } from './gemm.js';

/**
 * Gradient of a convolution with respect to its filter: every tap with its channel against every output channel, summed over all
 * output pixels. One matrix product of x and dy as they lie in memory.
 * x: [n, height, width, in], dy: [n, outHeight, outWidth, out]; returns [kh, kw, in, out].
 */
export function conv2DBackpropFilter(
  { inputs, attrs, backend }: KernelCall<'x' | 'dy', Conv2DBackpropFilterAttrs>,
): TensorInfo {
  const { x, dy } = inputs;
  const info = convInfoOf('Conv2DBackpropFilter', x.shape, attrs.filterShape, attrs as Parameters<typeof convInfoOf>[3]);
  const { batchSize, outHeight, outWidth, outChannels, filterHeight, filterWidth, inChannels } = info;
  const padded = withZeros(backend, x, paddingOf(info));
  const [, height, width] = padded.shape as Shape4D;
  const row = width * inChannels;
  const dw = backend.makeOutput([...attrs.filterShape], 'float32');
  multiply(backend, {
    sizes: { m: [filterHeight, filterWidth, inChannels], n: [1, 1, outChannels], k: [batchSize, outHeight, outWidth] },
    a: {
      tensor: padded,
      along: { k: [height * row, info.strideHeight * row, info.strideWidth * inChannels], m: [row, inChannels, 1] },
    },
    b: { tensor: dy, along: { k: denseAlong(batchSize, outHeight, outWidth, outChannels), n: [0, 0, 1] } },
    c: { tensor: dw, along: { m: denseAlong(filterHeight, filterWidth, inChannels, outChannels), n: [0, 0, 1] } },
  });
  dispose(backend, padded);
  return dw;
}
