import { registerOptimizerUpdates } from '../trace/optimizer-updates.js';
import { registerActivationGradients } from './activation-gradients.js';
import { registerBatchNorm } from './batch-norm.js';
import { registerConv2DBackpropInput } from './conv2d-backprop-input.js';

/** TensorFlow has as one operation what TensorFlow.js puts together from many. For the engines that run on it. */
export function registerFusedKernels(): void {
  registerBatchNorm();
  registerActivationGradients();
  registerConv2DBackpropInput();
  registerOptimizerUpdates('tensorflow');
}
