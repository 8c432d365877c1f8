import type { Program, RecordedRun, Tracer } from '@ganzoo/core';
import type * as tf from '@tensorflow/tfjs';
import { differenceOf } from './difference.js';
import type { Recording } from './recording.js';

type RecordRun = (inputs: Parameters<Tracer['record']>[0], work: Parameters<Tracer['record']>[1]) => { recording: Recording; results: tf.Tensor[] };

/** A tracer of an engine that records runs as graphs. Its programs find the graph in a run's `recording`. */
export function graphTracer(record: RecordRun, program: (variables: readonly tf.Variable[]) => Program): Tracer {
  return {
    record(inputs, work) {
      const { recording, results } = record(inputs, work);
      return new RecordedGraph(recording, results);
    },
    program,
  };
}

class RecordedGraph implements RecordedRun {
  constructor(
    readonly recording: Recording,
    readonly outputs: readonly tf.Tensor[],
  ) {}

  difference(other: RecordedRun): string | undefined {
    return differenceOf(this.recording, (other as RecordedGraph).recording); // one process, one engine
  }
}
