export * from './cache.js';
export * from './files.js';
export * from './checkpoint.js';
