import { installedEngine } from '../src/install/installation.js';

// An input of the Nx target `install-engine`: its cached result holds only while the installation is there.
const installation = installedEngine('cpu');
console.log(installation ? `installed: ${installation.manifest.key}` : `not installed: ${Date.now()}`);
