import type { RecordedRun, Tracer } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { differenceOf } from './difference.js';
import { GraphProgram } from './program.js';
import { record } from './record.js';
import type { Recording } from './recording.js';

/** The tracer of the engines that run on TensorFlow: native and cuda. */
export const tensorFlowTracer: Tracer = {
  record(inputs, work) {
    const { recording, results } = record(inputs, work);
    return new TensorFlowRun(recording, results);
  },
  program: (variables) => new GraphProgram(variables),
};

class TensorFlowRun implements RecordedRun {
  constructor(
    readonly recording: Recording,
    readonly outputs: readonly tf.Tensor[],
  ) {}

  difference(other: RecordedRun): string | undefined {
    if (!(other instanceof TensorFlowRun)) return 'they were recorded by different engines';
    return differenceOf(this.recording, other.recording);
  }
}
