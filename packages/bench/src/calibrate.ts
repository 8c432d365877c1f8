import type { Engine } from '@ganzoo/core';
import type { Calibration } from './budget.js';
import { type CellJob, loadCell } from './cell/job.js';
import { createJudge } from './judges/index.js';
import { CellFolder } from './cell/folder.js';
import { median } from './statistics.js';

/** Steps that are timed, after one that is not. */
const STEPS = 3;

/** Times a few steps and a score of a cell on the engine that runs. Keeps nothing but features of real images. */
export async function calibrate(job: CellJob, engine: Engine): Promise<Calibration> {
  const cell = await loadCell(job, engine);
  const { trainer } = cell;
  const times: number[] = [];
  await trainer.train({ steps: 1 + STEPS, callbacks: [{ onStep: ({ seconds }) => void times.push(seconds) }] });
  const judge = await createJudge(cell, job.identity.evaluation, { features: new CellFolder(job.cells, job.id).features, float64: engine.float64 });
  await judge.score(trainer, 'validation'); // reads the real images
  const began = performance.now();
  await judge.score(trainer, 'validation');
  const secondsPerScore = (performance.now() - began) / 1000;
  judge.dispose();
  trainer.dispose();
  return { secondsPerStep: median(times.slice(1)), secondsPerScore };
}
