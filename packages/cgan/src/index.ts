export { cgan } from './cgan.js';
export { cganDiscriminator, cganGenerator, type CganNetworkConfig } from './networks.js';
