export * from './batches.js';
export * from './data.js';
export type * from './engine.js';
export * from './errors.js';
export type * from './metric.js';
export type * from './optimizers.js';
export * from './random.js';
export * from './safetensors.js';
export * from './variant.js';
