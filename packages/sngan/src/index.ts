export { snganDiscriminator, snganGenerator, type SnganNetworkConfig } from './networks.js';
export { sngan } from './sngan.js';
