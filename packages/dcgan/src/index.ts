export { dcgan } from './dcgan.js';
export { dcganDiscriminator, dcganGenerator, type DcganNetworkConfig } from './networks.js';
