import { Random } from '@ganzoo/core';
import { writeFileAtomic } from '@ganzoo/core/node';
import { encodeGrid } from '../grid.js';
import type { RunningCell } from './run.js';

/** 8 rows of 8. */
const IMAGES = 64;

type Drawing = Pick<RunningCell, 'trainer' | 'dataset' | 'folder' | 'journal'>;

/** Samples from the same latents at every step, so that a viewer sees them change. */
export async function drawGrid({ trainer, dataset, folder, journal }: Drawing): Promise<void> {
  const { values } = await trainer.sample(IMAGES, { stream: 'grid' });
  const file = folder.grid(trainer.step);
  await writeFileAtomic(folder.resolve(file), encodeGrid(values, dataset.spec.shape));
  journal.addGrid({ step: trainer.step, file });
}

/** Real images of the train split, the same for every cell of a data set. */
export async function drawRealGrid({ dataset, folder, journal }: Drawing): Promise<void> {
  const source = dataset.source('train');
  const { values } = await source.read(Random.of('grid').integers(IMAGES, source.length));
  const file = folder.grid('real');
  await writeFileAtomic(folder.resolve(file), encodeGrid(values, dataset.spec.shape));
  journal.realGrid = file;
}
