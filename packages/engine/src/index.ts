export { diagnoseEngines, type EngineDiagnosis } from './diagnose.js';
export * from './install/index.js';
export { countFlops } from './flops.js';
export { loadEngine } from './load.js';
export type { LoadEngine, LoadOptions } from './loader.js';
