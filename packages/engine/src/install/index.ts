export { type Installation, installedEngine, type Manifest } from './installation.js';
export { type Installed, installEngine, type InstallOptions } from './install.js';
export type { InstallPhase, InstallProgress, OnProgress } from './progress.js';
export type { InstallDevice } from './recipe.js';
