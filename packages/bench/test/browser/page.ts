/** Runs in a browser: trains a small DCGAN on the engine webgpu, operation by operation and replayed, and sends home what came out. */
import { type Dataset, type DataSpec, type Source, type Tracer, Trainer } from '@ganzoo/core';
import { dcgan } from '@ganzoo/dcgan';
import { loadWebgpu } from '@ganzoo/engine/webgpu';

const spec: DataSpec = { name: 'waves', kind: 'images', shape: [28, 28, 1] };
const source: Source = {
  spec,
  length: 64,
  read: async (indices) => ({ values: Float32Array.from({ length: indices.length * 784 }, (_, i) => Math.sin(0.7 * (indices[Math.floor(i / 784)] as number) + (i % 784) / 40)) }),
};
const dataset: Dataset = { spec, source: () => source };

async function train(tracer: Tracer | undefined): Promise<{ losses: number[]; untraced: object; samples: number }> {
  const trainer = new Trainer({ variant: dcgan, dataset, config: { filters: 2, latentDim: 8, batchSize: 4 }, tracer });
  const losses: number[] = [];
  await trainer.train({ steps: 4, callbacks: [{ onStep: (event) => void losses.push(...Object.values(event.losses)) }] });
  const { values } = await trainer.sample(2);
  const { untraced } = trainer;
  trainer.dispose();
  return { losses, untraced, samples: values.length };
}

async function result(): Promise<object> {
  try {
    const engine = await loadWebgpu({ allowSoftware: true });
    return { device: engine.device, eager: await train(undefined), replayed: await train(engine.tracer) };
  } catch (error) {
    return { error: (error as Error).stack };
  }
}

await fetch('/result', { method: 'POST', body: JSON.stringify(await result()) });
