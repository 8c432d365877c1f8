import { EngineError, type Program, type RecordedRun } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { isUpdate } from '../../trace/updates.js';
import { type BackendInternals, bufferOf, BYTES, commandEncoder, webgpuBackend } from '../internals.js';
import type { Clock } from './clock.js';
import { type Compile, fuse } from './fuse.js';
import { Area, type MoveLayout, type Place, ProgramLayout, type RecordedMove, type Result, type Step } from './layout.js';
import type { GpuRecording } from './record.js';
import { updateShader, updateUniforms, workgroupsOf } from './update-shader.js';

/** What a dispatch needs when it runs. */
interface ReadyDispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

/** A copy between buffers, which stands outside a pass. */
type ReadyCopy = readonly [from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, bytes: number];

interface ReadyMove {
  readonly layout: MoveLayout;
  /** Dispatches of a pass, and copies between passes. */
  readonly steps: readonly (readonly ReadyDispatch[] | ReadyCopy)[];
  readonly inputBuffer: GPUBuffer | undefined;
  /** The inputs' values on their way to the GPU, written there as a whole. */
  readonly host: ArrayBuffer;
  readonly writes: readonly ReadyCopy[];
}

/** Of all programs, for measurements: their memory, and the clock that times runs while there is one. */
export const replayed: { bytes: number; clock: Clock | undefined } = { bytes: 0, clock: undefined };

interface Built {
  readonly buffers: ReadonlyMap<Area, GPUBuffer>;
  readonly moves: readonly ReadyMove[];
}

/**
 * Recorded moves over one set of variables, replayed: pipelines, bind groups and memory are made once, a run writes the inputs,
 * encodes the dispatches and submits once. TensorFlow.js takes some 60 microseconds of the processor for an operation, which is more
 * than most take on the GPU.
 */
export class ReplayProgram implements Program {
  private readonly recorded: RecordedMove[] = [];
  /** Of all that is recorded. */
  private layout: ProgramLayout | undefined;
  private built: Built | undefined;
  private pipelines: Pipelines | undefined;

  constructor(private readonly variables: readonly tf.Variable[]) {}

  add(run: RecordedRun, updates: readonly number[]): number {
    const { recording, outputs } = run as RecordedRun & { readonly recording: GpuRecording };
    const { tensorMap, device } = webgpuBackend();
    this.pipelines ??= new Pipelines(device);
    const kept = outputs.map(({ dataId }) => tensorMap.get(dataId).dtype);
    const results = outputs.slice(0, outputs.length - updates.length).map(({ shape, dtype }, i) => ({ shape: [...shape], dtype, kept: kept[i] as tf.DataType }));
    updates.forEach((variable, k) => {
      const [before, after] = [tensorMap.get((this.variables[variable] as tf.Variable).dataId).dtype, kept[results.length + k]];
      if (before !== after) throw new EngineError(`A move gives a variable of ${before} values that are kept as ${after}.`, { remedy: 'Compute with the values, tf.mul(x, 1): a cast alone changes their name only.' });
    });
    const move = { recording: fuse(recording, isUpdate, this.pipelines.compile), updates, results };
    const layout = new ProgramLayout({ alignment: alignmentOf(device), largestBinding: device.limits.maxStorageBufferBindingSize }, this.variables, [...this.recorded, move]);
    checkMemory(layout.areas, device.limits);
    this.layout = layout;
    this.dispose(); // what there is does not know this move
    return this.recorded.push(move) - 1;
  }

  load(): void {
    const backend = webgpuBackend();
    this.built ??= build(backend, this.layout as ProgramLayout, this.pipelines as Pipelines);
    const { buffers } = this.built;
    const layout = this.layout as ProgramLayout;
    const sources = this.variables.map(({ dataId }) => bufferOf(backend, dataId));
    const encoder = commandEncoder(backend);
    layout.variables.forEach(({ area, offset, bytes }, i) => encoder.copyBufferToBuffer(sources[i] as GPUBuffer, 0, buffers.get(area) as GPUBuffer, offset, bytes));
    backend.submitQueue();
  }

  store(): void {
    const backend = webgpuBackend();
    const layout = this.layout as ProgramLayout;
    const places = this.variables.map(({ shape, dtype, dataId }, i) => ({ shape, dtype, kept: backend.tensorMap.get(dataId).dtype, place: layout.variables[i] as Place }));
    const values = this.copies(backend, places);
    backend.submitQueue();
    this.variables.forEach((variable, i) => {
      const value = values[i] as tf.Tensor;
      variable.assign(value);
      value.dispose();
    });
  }

  run(move: number, inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const backend = webgpuBackend();
    const { layout, steps, inputBuffer, host, writes } = (this.built as Built).moves[move] as ReadyMove;
    const onGpu = layout.inputs.flatMap(({ place, position }) => {
      const { values, resource, dtype } = backend.tensorMap.get((inputs[position] as tf.Tensor).dataId);
      if (resource) return [{ place, resource: resource as GPUBuffer }];
      const View = dtype === 'float32' ? Float32Array : Int32Array;
      new View(host, place.offset, place.bytes / BYTES).set(values as tf.TypedArray);
      return [];
    });
    if (inputBuffer && onGpu.length < layout.inputs.length) backend.queue.writeBuffer(inputBuffer, 0, host);
    const encoder = commandEncoder(backend);
    for (const { place, resource } of onGpu) encoder.copyBufferToBuffer(resource, 0, inputBuffer as GPUBuffer, place.offset, place.bytes);
    encode(encoder, steps, replayed.clock?.begin());
    const results = this.copies(backend, layout.results);
    for (const copy of writes) encoder.copyBufferToBuffer(...copy);
    backend.submitQueue();
    return results;
  }

  dispose(): void {
    for (const buffer of this.built?.buffers.values() ?? []) {
      replayed.bytes -= buffer.size;
      buffer.destroy();
    }
    this.built = undefined;
  }

  /** Tensors with copies of what is in these places, once the encoder's commands are submitted. */
  private copies(backend: BackendInternals, places: readonly (Result & { readonly place: Place })[]): tf.Tensor[] {
    const { buffers } = this.built as Built;
    return places.map(({ place: { area, offset, bytes }, shape, dtype, kept }) => {
      const { dataId } = backend.makeTensorInfo([...shape], kept);
      commandEncoder(backend).copyBufferToBuffer(buffers.get(area) as GPUBuffer, offset, bufferOf(backend, dataId), 0, bytes);
      return tf.engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype });
    });
  }
}

/** Pipelines, bind groups and memory of all moves. What depends on constants alone is computed. */
function build({ device }: BackendInternals, layout: ProgramLayout, pipelines: Pipelines): Built {
  const uniforms = new Uniforms(alignmentOf(device));
  const planned = layout.moves.map((move) => ({ move, once: move.once.map((step) => uniforms.plan(step)), every: move.every.map((step) => uniforms.plan(step)) }));
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const areas = [...layout.areas, uniforms.area].filter(({ bytes }) => bytes > 0);
  const buffers = new Map(areas.map((area) => [area, device.createBuffer({ size: area.bytes, usage })]));
  for (const { size } of buffers.values()) replayed.bytes += size;
  for (const { place, bytes } of uniforms.values) device.queue.writeBuffer(buffers.get(place.area) as GPUBuffer, place.offset, bytes);
  const maker = new StepMaker(device, buffers, pipelines);
  const moves = planned.map(({ move, once, every }): ReadyMove => {
    for (const { place, values } of move.constants) device.queue.writeBuffer(buffers.get(place.area) as GPUBuffer, place.offset, asOnGpu(values));
    const encoder = device.createCommandEncoder();
    encode(encoder, maker.steps(once));
    device.queue.submit([encoder.finish()]);
    return {
      layout: move,
      steps: maker.steps(every),
      inputBuffer: buffers.get(move.inputArea),
      host: new ArrayBuffer(move.inputArea.bytes),
      writes: move.writes.map(({ from, to }) => maker.copy(from, to)),
    };
  });
  return { buffers, moves };
}

/** @throws {EngineError} when a piece of memory would be larger than the GPU allows. What a dispatch binds of it is a tensor, or not longer than a binding may be. */
export function checkMemory(areas: readonly Pick<Area, 'bytes'>[], { maxBufferSize: limit }: Pick<GPUSupportedLimits, 'maxBufferSize'>): void {
  const largest = Math.max(0, ...areas.map(({ bytes }) => bytes));
  if (largest <= limit) return;
  const [needed, allowed] = [largest, limit].map((bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`);
  throw new EngineError(`As one call the move needs ${needed} of the GPU's memory in one piece, and this GPU allows ${allowed}.`, { remedy: 'Take a smaller batchSize or fewer filters.' });
}

/** Of the offsets at which a binding may begin. */
function alignmentOf({ limits }: GPUDevice): number {
  return Math.max(limits.minStorageBufferOffsetAlignment, limits.minUniformBufferOffsetAlignment);
}

/** The numbers that programs are given beside their tensors, in one buffer for all. */
class Uniforms {
  readonly area: Area;
  readonly values: { readonly place: Place; readonly bytes: ArrayBuffer | Uint8Array<ArrayBuffer> }[] = [];

  constructor(alignment: number) {
    this.area = new Area(alignment);
  }

  plan(step: Step): PlannedStep {
    if (step.kind === 'copy' || (step.kind === 'dispatch' && step.dispatch.uniforms.byteLength === 0)) return { step };
    const bytes = step.kind === 'update' ? updateUniforms(step.group.attributes, (step.moved[0] as Place).bytes / BYTES) : new Uint8Array(step.dispatch.uniforms);
    const place = this.area.add(bytes.byteLength);
    this.values.push({ place, bytes });
    return { step, uniforms: place };
  }
}

interface PlannedStep {
  readonly step: Step;
  readonly uniforms?: Place;
}

class StepMaker {
  constructor(
    private readonly device: GPUDevice,
    private readonly buffers: ReadonlyMap<Area, GPUBuffer>,
    private readonly pipelines: Pipelines,
  ) {}

  /** Dispatches that follow each other share a pass. */
  steps(planned: readonly PlannedStep[]): (ReadyDispatch[] | ReadyCopy)[] {
    const steps: (ReadyDispatch[] | ReadyCopy)[] = [];
    let pass: ReadyDispatch[] | undefined;
    for (const { step, uniforms } of planned) {
      if (step.kind === 'copy') {
        steps.push(this.copy(step.from, step.to));
        pass = undefined;
        continue;
      }
      if (!pass) steps.push((pass = []));
      pass.push(this.dispatch(step, uniforms));
    }
    return steps;
  }

  copy(from: Place, to: Place): ReadyCopy {
    return [this.buffers.get(from.area) as GPUBuffer, from.offset, this.buffers.get(to.area) as GPUBuffer, to.offset, to.bytes];
  }

  private dispatch(step: Exclude<Step, { kind: 'copy' }>, uniforms: Place | undefined): ReadyDispatch {
    if (step.kind === 'dispatch') {
      const { pipeline, workgroups } = step.dispatch;
      return { pipeline, workgroups, bindGroup: this.bind(pipeline, [step.result, ...step.operands, ...(uniforms ? [uniforms] : [])]) };
    }
    const pipeline = this.pipelines.of(updateShader(step.group.kind), step.group.kind);
    const workgroups = workgroupsOf((step.moved[0] as Place).bytes / BYTES, this.device.limits.maxComputeWorkgroupsPerDimension);
    return { pipeline, workgroups, bindGroup: this.bind(pipeline, [...step.moved, step.rate, step.epsilon, uniforms as Place]) };
  }

  private bind(pipeline: GPUComputePipeline, places: readonly Place[]): GPUBindGroup {
    const entries = places.map(({ area, offset, bytes }, binding) => ({ binding, resource: { buffer: this.buffers.get(area) as GPUBuffer, offset, size: bytes } }));
    return this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  }
}

/** Pipelines of programs that are not TensorFlow.js's, each made once. */
class Pipelines {
  private readonly known = new Map<string, GPUComputePipeline>();

  constructor(private readonly device: GPUDevice) {}

  of(code: string, label: string): GPUComputePipeline {
    const known = this.known.get(code);
    if (known) return known;
    const module = this.device.createShaderModule({ code, label });
    const pipeline = this.device.createComputePipeline({ compute: { module, entryPoint: 'main' }, layout: 'auto', label });
    this.known.set(code, pipeline);
    return pipeline;
  }

  readonly compile: Compile = (code, size) => ({ pipeline: this.of(code, 'fused'), workgroups: workgroupsOf(size, this.device.limits.maxComputeWorkgroupsPerDimension) });
}

/** @param timed where the first pass writes when it begins, and the last one when it ends. */
function encode(encoder: GPUCommandEncoder, steps: ReadyMove['steps'], timed?: ReturnType<Clock['begin']>): void {
  const [first, last] = timed ? [steps.find((step) => !isCopy(step)), steps.findLast((step) => !isCopy(step))] : [];
  for (const step of steps) {
    if (isCopy(step)) {
      encoder.copyBufferToBuffer(...step);
      continue;
    }
    const pass = encoder.beginComputePass(timed && (step === first || step === last) ? { timestampWrites: writesOf(timed, step === first, step === last) } : undefined);
    for (const { pipeline, bindGroup, workgroups } of step) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
    }
    pass.end();
  }
}

function writesOf({ set, first, last }: NonNullable<ReturnType<Clock['begin']>>, begins: boolean, ends: boolean): GPUComputePassTimestampWrites {
  return { querySet: set, ...(begins && { beginningOfPassWriteIndex: first }), ...(ends && { endOfPassWriteIndex: last }) };
}

function isCopy(step: ReadyMove['steps'][number]): step is ReadyCopy {
  return step[0] instanceof GPUBuffer;
}

/** As the GPU has them: booleans are int32 there. */
function asOnGpu(values: tf.TypedArray): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  return values instanceof Float32Array ? new Float32Array(values) : Int32Array.from(values);
}
