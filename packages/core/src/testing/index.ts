export * from './conformance.js';
export * from './synthetic.js';
