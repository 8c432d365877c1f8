export { diagnoseEngines, type EngineDiagnosis } from './diagnose.js';
export * from './install/index.js';
export { countWork, type Work } from './count-work.js';
export { loadEngine } from './load.js';
export type { LoadEngine, LoadOptions } from './loader.js';
