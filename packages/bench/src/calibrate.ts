import type { Engine } from '@ganzoo/core';
import { arrayImages, extractFeatures, loadExtractor } from '@ganzoo/metrics';
import type { Calibration } from './budget.js';
import { type CellJob, loadCell } from './cell/job.js';
import { median } from './statistics.js';

/** Steps that are timed, after one that is not. */
const STEPS = 3;
const SAMPLES = 250;

/** Times a few steps and samples of a cell on the engine that runs. Keeps nothing. */
export async function calibrate(job: CellJob, engine: Engine): Promise<Calibration> {
  const { trainer, dataset } = await loadCell(job, engine);
  const times: number[] = [];
  await trainer.train({ steps: 1 + STEPS, callbacks: [{ onStep: ({ seconds }) => void times.push(seconds) }] });
  const extractor = await loadExtractor(job.identity.evaluation.extractor);
  const began = performance.now();
  const { values } = await trainer.sample(SAMPLES);
  await extractFeatures(extractor, arrayImages(values, dataset.spec.shape), SAMPLES);
  const secondsPerSample = (performance.now() - began) / 1000 / SAMPLES;
  extractor.dispose();
  trainer.dispose();
  return { secondsPerStep: median(times.slice(1)), secondsPerSample };
}
