import type * as tf from '@tensorflow/tfjs';
import { type TensorFlowBackend, tensorFlowBackend } from './backend.js';
import { Recorder, type Recording, recordWith } from './recording.js';

/**
 * Runs `work` and records every TensorFlow operation that it makes.
 *
 * @param inputs what may differ from run to run; no two may share their data.
 * @returns the recording, and what `work` returned.
 * @throws {EngineError} naming the operation, when `work` reads a value on the host, or uses a tensor that existed
 * before and is not an input: both would be frozen into the graph as they are now.
 */
export function record(
  inputs: readonly tf.Tensor[],
  work: (argument: (tensor: tf.Tensor) => void) => tf.Tensor[],
): { recording: Recording; results: tf.Tensor[] } {
  const recorder = new Recorder(int64Constant);
  inputs.forEach((input) => recorder.addInput(input));

  const wrappers: Wrappers = {
    executeSingleOutput: (original) => (name, attributes, operands) => {
      const result = original(name, attributes, operands);
      recorder.note(name, attributes, operands, [result]);
      return result;
    },
    executeMultipleOutputs: (original) => (name, attributes, operands, count) => {
      const results = original(name, attributes, operands, count);
      recorder.note(name, attributes, operands, results);
      return results;
    },
    move: (original) => (dataId, values, shape, dtype, refCount) => {
      recorder.addFresh(dataId, { values: values as tf.TypedArray, shape, dtype });
      original(dataId, values, shape, dtype, refCount);
    },
    read: () => recorder.refuseRead,
    readSync: () => recorder.refuseRead,
  };
  const results = recordWith(recorder, tensorFlowBackend(), wrappers as unknown as Parameters<typeof recordWith>[2], () => work((tensor) => recorder.addInput(tensor)));
  const outputs = results.map((result, i) => recorder.valueOf(result, `output ${i}`));
  return { recording: { nodes: recorder.nodes, outputs }, results };
}

type Interceptable = 'executeSingleOutput' | 'executeMultipleOutputs' | 'move' | 'read' | 'readSync';
type Wrappers = { [Name in Interceptable]: (original: TensorFlowBackend[Name]) => TensorFlowBackend[Name] };

/** tfjs-node passes some sizes as an object that is no tensor and holds one int64. */
function int64Constant(operand: tf.TensorInfo): { values: tf.TypedArray; shape: number[]; dtype: tf.DataType } | undefined {
  const { valueArray } = operand as unknown as { valueArray?: Int32Array };
  return valueArray && { values: valueArray, shape: [], dtype: 'int64' as tf.DataType };
}
