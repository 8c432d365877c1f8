import { graphTracer } from '../../trace/graph-tracer.js';
import { ReplayProgram } from './program.js';
import { record } from './record.js';

/** The tracer of the webgpu engine: recorded programs are replayed. */
export const replayTracer = graphTracer(record, (variables) => new ReplayProgram(variables));
