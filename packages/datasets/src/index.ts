export type { DatasetDefinition, DownloadProgress, LoadOptions } from './definition.js';
export { datasets, findDataset, loadDataset } from './registry.js';
