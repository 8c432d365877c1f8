export { gan } from './gan.js';
export { ganDiscriminator, ganGenerator, type GanNetworkConfig } from './networks.js';
