import { UsageError } from '@ganzoo/core';
import type { Command } from 'commander';
import { leaderboards } from '../leaderboard.js';
import { leaderboardText } from '../leaderboard-text.js';
import { colors } from '../progress/index.js';
import { writeReport } from '../report/write.js';
import { existingRun } from '../run-folder.js';

export function addReport(program: Command): void {
  program
    .command('report')
    .description("Make a run's report.html again, from the results of its cells alone, and print the leaderboard.")
    .argument('<run>', 'run folder')
    .option('--json', 'print leaderboards and results as JSON on standard output')
    .option('--debug', 'stack traces')
    .addHelpText('after', '\nExample:\n  ganzoo report runs/2026-01-31T12-00-00')
    .action(report);
}

async function report(folder: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const { run } = await existingRun(folder);
  const cells = await run.readResults();
  if (cells.length === 0) throw new UsageError(`No cell of the run in '${run.path}' has ended yet.`, { remedy: `Go on with it: ganzoo bench --resume ${folder}` });
  const file = await writeReport(cells, run.cells, run.report);
  const boards = leaderboards(cells);
  if (json) process.stdout.write(`${JSON.stringify({ run: run.path, report: file, leaderboards: boards, cells }, null, 1)}\n`);
  else process.stdout.write(`${boards.map((board) => leaderboardText(board, colors.out)).join('\n\n')}\n\nReport: ${file}\n`);
}
