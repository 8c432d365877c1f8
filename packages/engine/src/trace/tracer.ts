import { graphTracer } from './graph-tracer.js';
import { GraphProgram } from './program.js';
import { record } from './record.js';

/** The tracer of the engines that run on TensorFlow: native and cuda. */
export const tensorFlowTracer = graphTracer(record, (variables) => new GraphProgram(variables));
