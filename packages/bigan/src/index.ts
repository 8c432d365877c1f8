export { bigan } from './bigan.js';
export { biganDiscriminator, biganEncoder, biganGenerator, type BiganNetworkConfig } from './networks.js';
