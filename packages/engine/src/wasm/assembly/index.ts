/**
 * SIMD kernels that work on the tensors of TensorFlow.js's WebAssembly backend, inside that backend's own memory.
 *
 * The module owns no memory: no strings, no arrays, no objects, no tables, so that nothing of it can overwrite a tensor.
 * Arguments are addresses in bytes, and sizes and strides in elements.
 */
export { copyBytes, copyWords, fillWords } from './copy';
export { depthwiseToFilter, depthwiseToInput } from './depthwise';
export { combine, compare, floatsOfBytes, leakyRelu, maximum, minimum, normalize, reciprocalSquareRoot, select, squareRoot } from './elementwise';
export { exponential, hyperbolicTangent } from './exponential';
export { multiply, multiplyScratchBytes } from './gemm';
export { addPatches, addWords } from './patches';
export { averagePoolGradient, maxPoolGradient } from './pool';
export { maxMiddle, minMiddle, scaleWords, sumMiddle } from './reduce';
export { addToSegments, gatherRows } from './rows';
