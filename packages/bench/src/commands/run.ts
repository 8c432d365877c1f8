import { runBench } from '../bench.js';
import type { Executor } from '../executor.js';
import { watchInterrupt } from '../interrupt.js';
import { leaderboards } from '../leaderboard.js';
import { leaderboardText } from '../leaderboard-text.js';
import { colors, progressView } from '../progress/index.js';
import { writeReport } from '../report/write.js';
import type { RunOptions, Target } from './run-options.js';

export interface RunHow {
  readonly executor: Executor;
  readonly resumeCommand: string;
  readonly retryFailed?: boolean | undefined;
  /** Instead of those that the run was begun with. */
  readonly jobs?: number | undefined;
}

/** Runs the cells with progress, writes the report, prints the leaderboard or JSON. Exit code 1 when a cell failed. */
export async function runAndReport({ settings, run, dataDir }: Target, { quiet = false, json = false }: RunOptions, how: RunHow): Promise<void> {
  const view = progressView({ quiet });
  const interrupt = watchInterrupt(() => view.note('Stopping after the step under way ... (once more: at once)'));
  try {
    const cells = await runBench({ settings, run, dataDir, view, interrupt, ...how });
    const report = await writeReport(cells, run.cells, run.report);
    const boards = leaderboards(cells);
    const failed = cells.filter(({ status }) => status === 'failed').length;
    if (failed > 0) view.note(`${failed} of ${cells.length} cells failed. To try again, from the last checkpoint of each: ganzoo bench --resume ${run.path} --retry-failed`);
    view.close();
    if (json) process.stdout.write(`${JSON.stringify({ run: run.path, report, leaderboards: boards, cells }, null, 1)}\n`);
    else process.stdout.write(`\n${boards.map((board) => leaderboardText(board, colors.out)).join('\n\n')}\n\nReport: ${report}\n`);
    if (failed > 0) process.exitCode = 1;
  } finally {
    view.close();
    interrupt.dispose();
  }
}
