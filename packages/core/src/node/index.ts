export * from './cache.js';
export * from './files.js';
