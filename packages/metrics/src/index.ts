export { matrixFromRows, takeRows } from './features.js';
export * from './frechet.js';
export * from './kernel-distance.js';
