import { writeFileAtomic } from '@ganzoo/core/node';
import type { RunningCell } from './run.js';

type Drawing = Pick<RunningCell, 'trainer' | 'judge' | 'folder' | 'journal'>;

/** What the model makes now, for the report's film. */
export async function drawSamples({ trainer, judge, folder, journal }: Drawing): Promise<void> {
  const { extension, bytes } = await judge.draw(trainer);
  const file = folder.picture(trainer.step, extension);
  await writeFileAtomic(folder.resolve(file), bytes);
  journal.addGrid({ step: trainer.step, file });
}

/** Real data beside it, where the judge shows them apart. */
export async function drawReal({ judge, folder, journal }: Drawing): Promise<void> {
  const picture = await judge.drawReal();
  if (!picture) return;
  const file = folder.picture('real', picture.extension);
  await writeFileAtomic(folder.resolve(file), picture.bytes);
  journal.realGrid = file;
}
