import type { RecordedRun, Tracer } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { differenceOf } from '../../trace/difference.js';
import { ReplayProgram } from './program.js';
import { type GpuRecording, record } from './record.js';

/** The tracer of the webgpu engine: recorded programs are replayed. */
export const replayTracer: Tracer = {
  record(inputs, work) {
    const { recording, results } = record(inputs, work);
    return new GpuRun(recording, results);
  },
  program: (variables) => new ReplayProgram(variables),
};

class GpuRun implements RecordedRun {
  constructor(
    readonly recording: GpuRecording,
    readonly outputs: readonly tf.Tensor[],
  ) {}

  difference(other: RecordedRun): string | undefined {
    if (!(other instanceof GpuRun)) return 'they were recorded by different engines';
    return differenceOf(this.recording, other.recording);
  }
}
