export { dragan } from './dragan.js';
