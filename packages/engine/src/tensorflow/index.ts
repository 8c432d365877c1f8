import { registerActivationGradients } from './activation-gradients.js';
import { registerBatchNorm } from './batch-norm.js';
import { registerConv2DBackpropInput } from './conv2d-backprop-input.js';
import { registerOptimizerUpdates } from './optimizer-updates.js';

/** TensorFlow has as one operation what TensorFlow.js puts together from many. For the engines that run on it. */
export function registerFusedKernels(): void {
  registerBatchNorm();
  registerActivationGradients();
  registerConv2DBackpropInput();
  registerOptimizerUpdates();
}
