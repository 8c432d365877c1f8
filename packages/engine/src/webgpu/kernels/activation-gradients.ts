import type * as tf from '@tensorflow/tfjs';
import type { KernelCall } from './kernel.js';
import { elementwise } from './elementwise.js';

/** dy where features > 0, elsewhere alpha dy: a mask, a product and a selection as one operation. */
export function leakyReluGradient({ inputs: { dy, features }, attrs: { alpha }, backend }: KernelCall<'dy' | 'features', { readonly alpha: number }>): tf.TensorInfo {
  const element = `fn $element(i: i32) -> f32 { let gradient = $dy(i); return select(${alpha.toExponential()} * gradient, gradient, $features(i) > 0.0); }`;
  return elementwise(backend, { key: `leakyReluGradient ${alpha}`, operands: ['dy', 'features'], aligned: ['dy', 'features'], outShape: dy.shape, element }, [dy, features]);
}

/** dy where features > 0, elsewhere 0. */
export function reluGradient(call: KernelCall<'dy' | 'features', object>): tf.TensorInfo {
  return leakyReluGradient({ ...call, attrs: { alpha: 0 } });
}
