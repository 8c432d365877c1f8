export * from './conformance.js';
export * from './gradients.js';
export * from './synthetic.js';
