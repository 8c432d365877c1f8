import { UsageError } from '@ganzoo/core';
import type { Command } from 'commander';
import { localExecutor } from '../executor.js';
import { wholeNumber } from '../options.js';
import { findSuite } from '../suite.js';
import { runAndReport } from './run.js';
import { addRunOptions, findTarget, type RunOptions } from './run-options.js';

const EXAMPLES = `
Examples:
  ganzoo train dcgan                                          as in its paper, on embedded data
  ganzoo train dcgan --dataset mnist --steps 5000 --ema 0.999
  ganzoo train ./my-gan.ts --config latentDim=64 --out runs/mine
  ganzoo train --resume runs/mine                             go on where it was stopped`;

interface TrainCommandOptions extends RunOptions {
  readonly dataset?: string;
  readonly seed?: number;
}

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('Train one variant on one data set: checkpoints, sample grids, scores and a report in a run folder.')
    .argument('[variant]', 'by name, or by the path of a module that exports one')
    .option('--dataset <name>', "data set (default: the suite's)")
    .option('--seed <n>', 'everything random follows from it (default: 0)', wholeNumber(0));
  addRunOptions(command, 'paper').addHelpText('after', EXAMPLES).action(train);
}

async function train(variant: string | undefined, given: TrainCommandOptions): Promise<void> {
  if ((variant === undefined) === (given.resume === undefined)) {
    throw new UsageError('Train what?', { remedy: "Give a variant ('ganzoo ls variants' lists them), or --resume and the folder of a run, not both." });
  }
  const target = await findTarget(given, () => ({
    variants: [variant as string],
    datasets: given.dataset === undefined ? findSuite(given.suite).datasets : [given.dataset],
    seeds: [given.seed ?? 0],
    asked: given.dataset === undefined ? ['variants'] : ['variants', 'datasets'],
  }));
  await runAndReport(target, given, { executor: localExecutor, resumeCommand: 'ganzoo train' });
}
