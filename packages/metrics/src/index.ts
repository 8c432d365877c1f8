export * from './extractors/extract.js';
export * from './extractors/load.js';
export { extractorFor, extractors, type ExtractorName } from './extractors/registry.js';
export { matrixFromRows, takeRows } from './features.js';
export * from './frechet.js';
export * from './kernel-distance.js';
export * from './noise.js';
export * from './scorer.js';
