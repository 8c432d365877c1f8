export { leastSquares } from './losses.js';
export { lsgan } from './lsgan.js';
