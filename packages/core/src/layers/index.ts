/**
 * The layers that TF.js lacks. Importing this file registers them, so that `tf.loadLayersModel` knows them:
 * `import '@ganzoo/core/layers'`.
 */
export * from './batch-normalization.js';
export * from './equalized.js';
export * from './instance-normalization.js';
export * from './maxout.js';
export * from './minibatch-std-dev.js';
export * from './pixel-norm.js';
export * from './prunable.js';
export * from './reflection-padding.js';
export * from './spectral.js';
export type { SpectralNorm } from './spectral-norm.js';
