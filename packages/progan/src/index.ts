export { proganDiscriminator, proganGenerator, type ProganNetworkConfig } from './networks.js';
export { progan } from './progan.js';
export { growth, type GrowthConfig } from './schedule.js';
