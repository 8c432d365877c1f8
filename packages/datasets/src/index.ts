export type { DatasetDefinition, DownloadProgress, LoadOptions } from './definition.js';
export { FOLDER } from './folder.js';
export { datasets, findDataset, loadDataset } from './registry.js';
