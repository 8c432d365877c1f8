import * as tf from '@tensorflow/tfjs';
import { Recorder, type Recording, recordWith } from '../../trace/recording.js';
import { type BackendInternals, webgpuBackend } from '../internals.js';
import { type Elementwise, ElementwiseProgram } from '../kernels/elementwise.js';
import { stockElementwise } from './stock-elementwise.js';

/** How the GPU runs a recorded operation. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly workgroups: readonly [number, number, number];
  readonly uniforms: Uint8Array;
  /** Values that it puts out. */
  readonly size: number;
  /** Its result is its last operand, changed in place. */
  readonly inPlace: boolean;
  /** What it computes, where each value is computed alone, of float32. */
  readonly elementwise?: Elementwise | undefined;
}

export interface GpuRecording extends Recording {
  /** By the operation's number; those recorded as one node, such as an optimizer's update, have none. */
  readonly dispatches: ReadonlyMap<number, Dispatch>;
}

/**
 * Runs `work` and records every program that it runs on the GPU.
 * @param inputs what may differ from run to run; no two may share their data.
 * @throws {EngineError} naming the program, when `work` reads a value on the host, or uses a tensor that existed before and is not an input.
 */
export function record(inputs: readonly tf.Tensor[], work: (argument: (tensor: tf.Tensor) => void) => tf.Tensor[]): { recording: GpuRecording; results: tf.Tensor[] } {
  const backend = webgpuBackend();
  const recorder = new Recorder();
  const dispatches = new Map<number, Dispatch>();
  inputs.forEach((input) => recorder.addInput(input));

  const fresh = (dataId: tf.DataId, values: tf.BackendValues | null | undefined, shape: number[], dtype: tf.DataType): void => {
    if (values != null) recorder.addFresh(dataId, { values: values as tf.TypedArray, shape, dtype });
  };
  /** The kernel that runs: what people know an operation by. */
  let kernel = '';
  const named: Pick<ReturnType<typeof tf.engine>, 'runKernel'> = tf.engine();
  const { runKernel } = named;
  named.runKernel = (name, ...call) => {
    kernel = name;
    return runKernel.call(named, name, ...call) as never;
  };
  const wrappers: Wrappers = {
    write: (original) => (values, shape, dtype) => {
      const dataId = original(values, shape, dtype);
      fresh(dataId, values, shape, dtype);
      return dataId;
    },
    move: (original) => (dataId, values, shape, dtype, refCount) => {
      original(dataId, values, shape, dtype, refCount);
      fresh(dataId, values, shape, dtype);
    },
    recordAndSubmit: (original) => (program, output, operands, programUniforms) => {
      const inPlace = recorder.knows(output);
      const uniforms = writtenBy(backend, () => original(program, output, operands, programUniforms));
      const workgroups = program.dispatch;
      const attributes = [
        { name: 'shader', type: 0, value: program.shaderKey },
        { name: 'workgroups', type: 0, value: workgroups },
        { name: 'uniforms', type: 0, value: Array.from(uniforms) },
      ];
      const node = recorder.note(kernel, attributes, inPlace ? [...operands, output] : operands, [output]);
      if (node === undefined) return;
      const isFloat = !inPlace && [output, ...operands].every(({ dataId }) => backend.tensorMap.get(dataId).dtype === 'float32');
      const ours = program instanceof ElementwiseProgram ? program.what : undefined;
      const elementwise = isFloat ? (ours ?? stockElementwise(program, output, operands, programUniforms)) : undefined;
      dispatches.set(node, { pipeline: program.pipeline as GPUComputePipeline, workgroups, uniforms, size: tf.util.sizeFromShape(output.shape), inPlace, elementwise });
    },
    read: () => recorder.refuseRead,
    readSync: () => recorder.refuseRead,
  };
  let results: tf.Tensor[];
  try {
    results = recordWith(recorder, backend, wrappers as unknown as Parameters<typeof recordWith>[2], () => work((tensor) => recorder.addInput(tensor)));
  } finally {
    delete (named as { runKernel?: unknown }).runKernel; // the class keeps its own
  }
  const outputs = results.map((result, i) => recorder.valueOf(result, `output ${i}`));
  return { recording: { nodes: recorder.nodes, outputs, dispatches }, results };
}

type Interceptable = 'write' | 'move' | 'recordAndSubmit' | 'read' | 'readSync';
type Wrappers = { [Name in Interceptable]: (original: BackendInternals[Name]) => BackendInternals[Name] };

/** The bytes of the uniforms that a program is given: the one buffer that running it writes from the host. */
function writtenBy(backend: BackendInternals, run: () => void): Uint8Array {
  const { queue } = backend;
  let written = new Uint8Array();
  backend.queue = {
    submit: (commands) => queue.submit(commands),
    writeBuffer: (buffer, offset, data, ...range) => {
      written = new Uint8Array(data as ArrayBuffer).slice();
      queue.writeBuffer(buffer, offset, data, ...range);
    },
  };
  try {
    run();
  } finally {
    backend.queue = queue;
  }
  return written;
}
