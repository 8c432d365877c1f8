import type { Command } from 'commander';
import { discoverVariants } from '../discover.js';
import { childExecutor } from '../executor.js';
import { wholeNumber, wholeNumbers, words } from '../options.js';
import { findSuite } from '../suite.js';
import { runAndReport } from './run.js';
import { addRunOptions, findTarget, type RunOptions } from './run-options.js';

const EXAMPLES = `
Examples:
  ganzoo bench                                               every variant on embedded data, in minutes
  ganzoo bench --variants dcgan --datasets mnist --steps 3000
  ganzoo bench --variants dcgan,./my-gan.ts --seeds 0-4 --config latentDim=64 learningRate=1e-4
  ganzoo bench --engine wasm --steps 100 --json > result.json
  ganzoo bench --resume runs/2026-01-31T12-00-00             go on where a run was stopped`;

interface BenchCommandOptions extends RunOptions {
  readonly variants?: readonly string[];
  readonly datasets?: readonly string[];
  readonly seeds?: readonly number[];
  readonly retryFailed?: boolean;
}

export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .description('Train variants on the same data with the same budget, score them in the same way, and rank them.')
    .option('--variants <names>', 'by name, or by the path of a module that exports one (default: all installed)', words)
    .option('--datasets <names>', "data sets (default: the suite's)", words)
    .option('--seeds <list>', "such as 0,1,2 or 0-2 (default: the suite's)", wholeNumbers)
    .option('--jobs <n>', 'cells that train at the same time, each with its share of the processor (default: one per core, or per GPU)', wholeNumber(1))
    .option('--retry-failed', 'run again the cells that failed');
  addRunOptions(command, 'quick').addHelpText('after', EXAMPLES).action(bench);
}

async function bench(given: BenchCommandOptions): Promise<void> {
  const target = await findTarget(given, () => {
    const suite = findSuite(given.suite);
    return {
      variants: given.variants ?? discoverVariants().map(({ name }) => name),
      datasets: given.datasets ?? suite.datasets,
      seeds: given.seeds ?? suite.seeds,
      asked: (['variants', 'datasets'] as const).filter((name) => given[name] !== undefined),
    };
  });
  await runAndReport(target, given, { executor: childExecutor(given.debug === true), resumeCommand: 'ganzoo bench', retryFailed: given.retryFailed, jobs: given.jobs });
}
