import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import { runStock, type BackendWasm } from './backend.js';

/** Zeros around an image, in rows and columns. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** XNNPACK's convolution of x [n, h, w, in] with filter [kh, kw, in, out], stride 1. */
export function convolve(
  backend: BackendWasm,
  x: TensorInfo,
  filter: TensorInfo,
  { top, bottom, left, right }: Padding,
  dilations: readonly [number, number] = [1, 1],
): TensorInfo {
  const attrs: NamedAttrMap = {
    strides: [1, 1],
    pad: [[0, 0], [top, bottom], [left, right], [0, 0]] as unknown as number[],
    dataFormat: 'NHWC',
    dilations: [...dilations],
  };
  return runStock('Conv2D', backend, { x, filter }, attrs);
}
