/**
 * What a replayed step costs the processor, on Dawn's null back end, which takes every command and computes nothing.
 * `npx tsx --conditions=@ganzoo/source packages/bench/scripts/replay-host.ts [steps]`: a step of DCGAN (32 pixels, 64 filters, two stages,
 * batch 64), operation by operation and replayed.
 */
import { type Dataset, Trainer } from '@ganzoo/core';
import { syntheticDataset } from '@ganzoo/core/testing';
import { dcgan } from '@ganzoo/dcgan';
import * as tf from '@tensorflow/tfjs';
import { correctGradients } from '../../engine/src/gradients/index.js';
import { loadDawn } from '../../engine/src/webgpu/dawn.js';
import { registerWebgpuBackend } from '../../engine/src/webgpu/index.js';
import { ReplayProgram } from '../../engine/src/webgpu/replay/program.js';
import { replayTracer } from '../../engine/src/webgpu/replay/tracer.js';

const steps = Number(process.argv[2] ?? 50);
const { create, globals } = await loadDawn();
Object.assign(globalThis, globals);
const gpu = create(['backend=null']);
const adapter = await gpu.requestAdapter();
if (!adapter) throw new Error('Dawn has no null adapter here.');
const device = await adapter.requestDevice();
registerWebgpuBackend(device, adapter.info);
await tf.setBackend('webgpu');
correctGradients();

const backend = tf.backend() as unknown as { read(dataId: object): Promise<tf.BackendValues>; tensorMap: { get(dataId: object): { shape: number[] } } };
backend.read = async (dataId) => new Float32Array(tf.util.sizeFromShape(backend.tensorMap.get(dataId).shape)); // nothing was computed: any memory would come back
const inRun: number[] = [];
const { run } = ReplayProgram.prototype;
ReplayProgram.prototype.run = function timed(...args) {
  const began = performance.now();
  const result = run.apply(this, args);
  inRun.push(performance.now() - began);
  return result;
};
const pass = Object.getPrototypeOf(device.createCommandEncoder().beginComputePass()) as GPUComputePassEncoder;

/** Dispatches that `work` makes. */
async function dispatchesOf(work: () => Promise<void>): Promise<number> {
  const { dispatchWorkgroups } = pass;
  let count = 0;
  pass.dispatchWorkgroups = function counted(...args) {
    count += 1;
    dispatchWorkgroups.apply(this, args);
  };
  await work();
  pass.dispatchWorkgroups = dispatchWorkgroups;
  return count;
}

/** Samples that are there, as those of a data set in memory: making them is not what is measured. */
const blobs = syntheticDataset({ name: 'blobs', kind: 'images', shape: [32, 32, 1] });
const { values } = await blobs.source('train').read(Array.from({ length: 64 }, (_, i) => i));
const dataset: Dataset = { ...blobs, source: (...which) => ({ ...blobs.source(...which), read: async () => ({ values: values.slice() }) }) };

const median = (values: readonly number[]): string => ([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number).toFixed(2);
for (const tracer of [undefined, replayTracer]) {
  const trainer = new Trainer({ variant: dcgan, dataset, config: { filters: 64, stages: 2, batchSize: 64 }, tracer });
  await trainer.train({ steps: 3 });
  const dispatches = await dispatchesOf(() => trainer.train({ steps: 4 }));
  inRun.length = 0;
  const whole: number[] = [];
  for (let step = 5; step < 5 + steps; step++) {
    const began = performance.now();
    await trainer.train({ steps: step });
    whole.push(performance.now() - began);
  }
  const replay = inRun.length > 0 ? `, of which the replay ${median(inRun)} (least ${Math.min(...inRun).toFixed(2)})` : '';
  console.log(`${tracer ? 'replayed' : 'eager'}: ${median(whole)} ms a step (least ${Math.min(...whole).toFixed(2)})${replay}; ${dispatches} dispatches`, trainer.untraced);
  trainer.dispose();
}
process.exit(0);
