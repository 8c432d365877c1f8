import { loadCheckpoint, weightsSha256 } from '@ganzoo/core/node';
import { median } from '../statistics.js';
import { CellFolder } from './folder.js';
import type { CellJob } from './job.js';
import { Journal } from './journal.js';
import type { CellResult, Failure } from './result.js';

/** What is only known at the end of a cell that finished. */
export type TestScores = Pick<CellResult, 'best' | 'last' | 'rungs' | 'extractor'>;

const NO_SCORES: TestScores = { best: null, last: null, rungs: [], extractor: null };

type Ending = Pick<CellResult, 'status' | 'weightsSha256' | 'untraced'> & TestScores & { readonly failure?: Failure };

/** A cell's result from its job, its history and its end. */
export function describeCell(job: CellJob, journal: Journal, ending: Ending): CellResult {
  const { stepTimes, imagesShown, seconds } = journal;
  return {
    format: 'ganzoo-cell',
    version: 1,
    id: job.id,
    ...job.identity,
    paper: job.paper,
    ...ending,
    steps: stepTimes.length,
    imagesShown,
    seconds,
    imagesPerSecond: seconds.training > 0 ? imagesShown / seconds.training : 0,
    msPerStep: stepTimes.length > 0 ? median(stepTimes) : 0,
    losses: journal.losses,
    scores: journal.scores,
    peakRssBytes: journal.peakRssBytes,
    passedOver: job.passedOver,
    grids: { real: journal.realGrid, generated: journal.grids },
    finishedAt: new Date().toISOString(),
  };
}

/** The result of a cell that failed, from what its process left behind: it may have died without a word. */
export async function describeFailedCell(job: CellJob, failure: Failure): Promise<CellResult> {
  const folder = new CellFolder(job.cells, job.id);
  const { budget } = job.identity;
  const journal = await Journal.resume(folder.journal, budget, budget).catch(() => Journal.create(folder.journal, budget));
  const hash = await loadCheckpoint(folder.last).then(weightsSha256, () => null);
  return describeCell(job, journal, { status: 'failed', failure, weightsSha256: hash, untraced: {}, ...NO_SCORES });
}
