export { wgan } from './wgan.js';
export { wganGp } from './wgan-gp.js';
