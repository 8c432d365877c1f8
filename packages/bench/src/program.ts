import { Command } from 'commander';
import { addBench } from './commands/bench.js';
import { addDoctor } from './commands/doctor.js';
import { addEngine } from './commands/engine.js';
import { addExport } from './commands/export.js';
import { addLs } from './commands/ls.js';
import { addPerf } from './commands/perf.js';
import { addReport } from './commands/report.js';
import { addSample } from './commands/sample.js';
import { addScore } from './commands/score.js';
import { addTrain } from './commands/train.js';
import { addTranslate } from './commands/translate.js';
import { version } from './versions.js';

const EXAMPLES = `
Examples:
  ganzoo bench                          every variant, on embedded data, scored and ranked
  ganzoo train dcgan --dataset mnist    one variant
  ganzoo ls variants                    what can be set
  ganzoo doctor                         which engines work here`;

/** The `ganzoo` command with all its subcommands. It throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('ganzoo')
    .description('A zoo of GAN variants: train one, or compare them all fairly.')
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('(--help lists the options)')
    .exitOverride()
    .addHelpText('after', EXAMPLES);
  for (const add of [addBench, addTrain, addSample, addTranslate, addScore, addExport, addReport, addPerf, addLs, addDoctor, addEngine]) add(program);
  return program;
}
