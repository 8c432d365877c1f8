export type { DatasetDefinition, DownloadProgress, LoadOptions } from './definition.js';
export { FOLDER } from './folder.js';
export { absoluteName, baseName, datasets, findDataset, limited, loadDataset } from './registry.js';
