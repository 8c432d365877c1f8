/**
 * The layers that TF.js lacks. Importing this file registers them, so that `tf.loadLayersModel` knows them:
 * `import '@ganzoo/core/layers'`.
 */
export * from './instance-normalization.js';
export * from './prunable.js';
export * from './reflection-padding.js';
