import * as tf from '@tensorflow/tfjs';
import type { OperationAttribute } from './recording.js';

type DataId = tf.DataId;

/** What tfjs-node's back end has beyond TensorFlow.js's interface, as far as recording and running graphs need it. */
export interface TensorFlowBackend extends tf.KernelBackend {
  readonly binding: {
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_INT: number;
    readonly TF_ATTR_FLOAT: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_SHAPE: number;
    /** The type of float32 tensors. */
    readonly TF_FLOAT: number;
  };
  executeSingleOutput(name: string, attributes: OperationAttribute[], inputs: tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(name: string, attributes: OperationAttribute[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
  move(dataId: DataId, values: unknown, shape: number[], dtype: tf.DataType, refCount: number): void;
  read(dataId: DataId): Promise<tf.BackendValues>;
  readSync(dataId: DataId): tf.BackendValues;
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputs: tf.Tensor[], infos: { name: string }[], outputs: string[]): tf.Tensor[];
}

/** The running tfjs-node back end. */
export function tensorFlowBackend(): TensorFlowBackend {
  return tf.backend() as TensorFlowBackend;
}
