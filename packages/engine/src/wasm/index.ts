import '@tensorflow/tfjs-backend-wasm';
import { defineKernel } from './backend.js';
import { fusedBatchNorm } from './batch-norm.js';
import { conv2D, fusedConv2D } from './conv2d.js';
import { conv2DBackpropFilter } from './conv2d-backprop-filter.js';
import { conv2DBackpropInput } from './conv2d-backprop-input.js';
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './depthwise.js';
import { einsum } from './einsum.js';
import * as elementwise from './elementwise.js';
import { batchMatMul, fusedMatMul } from './mat-mul.js';
import { avgPoolGrad, maxPoolGrad } from './pool.js';
import * as rearrange from './rearrange.js';
import * as reduce from './reduce.js';
import { gatherV2, unsortedSegmentSum } from './rows.js';

let registered = false;

/**
 * Teaches TensorFlow.js's wasm backend to train: registers the gradient kernels that it lacks, and replaces those that are naive loops.
 * May be called before or after the backend is made, and more than once.
 */
export function registerWasmTrainingKernels(): void {
  if (registered) return;
  registered = true;

  defineKernel('BatchMatMul', batchMatMul);
  defineKernel('_FusedMatMul', fusedMatMul);
  defineKernel('Einsum', einsum);
  defineKernel('Conv2D', conv2D);
  defineKernel('FusedConv2D', fusedConv2D);
  defineKernel('Conv2DBackpropInput', conv2DBackpropInput);
  defineKernel('Conv2DBackpropFilter', conv2DBackpropFilter);
  defineKernel('DepthwiseConv2dNativeBackpropInput', depthwiseBackpropInput);
  defineKernel('DepthwiseConv2dNativeBackpropFilter', depthwiseBackpropFilter);
  defineKernel('AvgPoolGrad', avgPoolGrad);
  defineKernel('MaxPoolGrad', maxPoolGrad);
  defineKernel('FusedBatchNorm', fusedBatchNorm);

  defineKernel('Sum', reduce.sum);
  defineKernel('Mean', reduce.mean);
  defineKernel('Max', reduce.max);
  defineKernel('Min', reduce.min);
  defineKernel('ResizeNearestNeighborGrad', reduce.resizeNearestNeighborGrad);

  defineKernel('Identity', rearrange.identity);
  defineKernel('Transpose', rearrange.transpose);
  defineKernel('Slice', rearrange.slice);
  defineKernel('StridedSlice', rearrange.stridedSlice);
  defineKernel('Reverse', rearrange.reverse);
  defineKernel('Tile', rearrange.tile);
  defineKernel('Concat', rearrange.concat);
  defineKernel('SplitV', rearrange.splitV);
  defineKernel('Unpack', rearrange.unpack);
  defineKernel('DepthToSpace', rearrange.depthToSpace);
  defineKernel('ResizeNearestNeighbor', rearrange.resizeNearestNeighbor);
  defineKernel('GatherV2', gatherV2);
  defineKernel('UnsortedSegmentSum', unsortedSegmentSum);

  defineKernel('Add', elementwise.add);
  defineKernel('Sub', elementwise.subtract);
  defineKernel('Multiply', elementwise.multiply);
  defineKernel('RealDiv', elementwise.divide);
  defineKernel('Square', elementwise.square);
  defineKernel('Cast', elementwise.cast);
  defineKernel('Sqrt', elementwise.sqrt);
  defineKernel('Rsqrt', elementwise.rsqrt);
  defineKernel('Exp', elementwise.exp);
  defineKernel('Tanh', elementwise.tanh);
  defineKernel('LeakyRelu', elementwise.leakyRelu);
  defineKernel('Greater', elementwise.greater);
  defineKernel('GreaterEqual', elementwise.greaterEqual);
  defineKernel('Less', elementwise.less);
  defineKernel('LessEqual', elementwise.lessEqual);
  defineKernel('Equal', elementwise.equal);
  defineKernel('NotEqual', elementwise.notEqual);
  defineKernel('Maximum', elementwise.maximum);
  defineKernel('Minimum', elementwise.minimum);
  defineKernel('Select', elementwise.select);
}
