/** What the test calls in a browser, on the engine webgpu. */
import { type Dataset, type DataSpec, type Source, type Tracer, Trainer } from '@ganzoo/core';
import { dcgan } from '@ganzoo/dcgan';
import { loadWebgpu } from '@ganzoo/engine/webgpu';

export interface Course {
  readonly losses: number[];
  readonly untraced: object;
  readonly samples: number;
}

const spec: DataSpec = { name: 'waves', kind: 'images', shape: [28, 28, 1] };
const source: Source = {
  spec,
  length: 64,
  read: async (indices) => ({ values: Float32Array.from({ length: indices.length * 784 }, (_, i) => Math.sin(0.7 * (indices[Math.floor(i / 784)] as number) + (i % 784) / 40)) }),
};
const dataset: Dataset = { spec, source: () => source };

function smallTrainer(tracer: Tracer | undefined): Trainer {
  return new Trainer({ variant: dcgan, dataset, config: { filters: 2, latentDim: 8, batchSize: 4 }, tracer });
}

async function train(tracer: Tracer | undefined): Promise<Course> {
  const trainer = smallTrainer(tracer);
  const losses: number[] = [];
  await trainer.train({ steps: 4, callbacks: [{ onStep: (event) => void losses.push(...Object.values(event.losses)) }] });
  const { values } = await trainer.sample(2);
  const { untraced } = trainer;
  trainer.dispose();
  return { losses, untraced, samples: values.length };
}

/** A small DCGAN, operation by operation and replayed. */
async function trainBothWays(): Promise<{ device: string; eager: Course; replayed: Course }> {
  const engine = await loadWebgpu({ allowSoftware: true });
  return { device: engine.device, eager: await train(undefined), replayed: await train(engine.tracer) };
}

/** Trains on and on; says so after four steps. @returns why it ended */
async function trainOnAndOn(): Promise<{ name: string; message: string; remedy: string }> {
  try {
    const { tracer } = await loadWebgpu({ allowSoftware: true });
    await smallTrainer(tracer).train({ steps: 1e9, callbacks: [{ onStep: ({ step }) => void (step === 4 && console.log('under way')) }] });
    throw new Error('It has come to its end.');
  } catch (error) {
    const { name, message, remedy } = error as Error & { readonly remedy: string };
    return { name, message, remedy };
  }
}

export const inPage = { trainBothWays, trainOnAndOn };
(globalThis as unknown as { inPage: typeof inPage }).inPage = inPage;
