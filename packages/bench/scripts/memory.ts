/**
 * Prints the number of tensors, the process's memory and, on webgpu, the GPU's while a small DCGAN trains, or a GAN on points: all must stay flat.
 *
 *     npx tsx --conditions=@ganzoo/source packages/bench/scripts/memory.ts native 2000 [eager] [points]
 */
import { type EngineName, every, Trainer } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import { findVariants, loadVariant } from '../src/discover.js';
import * as tf from '@tensorflow/tfjs';

const [name = 'native', steps = '2000', ...modes] = process.argv.slice(2);
const [eager, points] = ['eager', 'points'].map((mode) => modes.includes(mode));
const engine = await loadEngine(name as EngineName);
const dataset = points ? await loadDataset('ring') : await loadDataset('glyphs', { size: 28 });
const all = dataset.source('train');
await all.read(Array.from({ length: all.length }, (_, i) => i)); // glyphs are drawn when first read, into memory that stays
const [listing] = await findVariants([points ? 'gan' : 'dcgan']);
if (!listing) throw new Error('The variant is not installed.');
const trainer = new Trainer({
  variant: await loadVariant(listing),
  dataset,
  config: points ? { hidden: [16, 16], batchSize: 16 } : { filters: 8, batchSize: 16 },
  tracer: eager ? undefined : engine.tracer,
});
const tensors = new Set<number>();
const memory: number[] = [];
const look = every(Math.ceil(Number(steps) / 10), ({ step }) => {
  memory.push(process.memoryUsage().rss / 1e6);
  const { numBytesAllocatedInGPU: onGpu } = tf.memory() as tf.MemoryInfo & { readonly numBytesAllocatedInGPU?: number };
  console.log(`step ${step}: ${tf.memory().numTensors} tensors, ${memory.at(-1)?.toFixed(0)} MB${onGpu === undefined ? '' : `, ${onGpu} bytes of the GPU beside the replay's`}`);
});
await trainer.train({ steps: Number(steps), callbacks: [{ onStep: () => void tensors.add(tf.memory().numTensors) }, look] });
const [first, last] = [memory[0] ?? 0, memory.at(-1) ?? 0];
console.log(`${name}${engine.tracer && !eager ? ', traced' : ', eager'}: tensors after a step: ${[...tensors].join(', ')}; memory ${(100 * (last / first - 1)).toFixed(1)} % from a tenth of the steps to the end`);
