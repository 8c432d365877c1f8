export { cyclegan } from './cyclegan.js';
