import { Command } from 'commander';
import { addBench } from './commands/bench.js';
import { addReport } from './commands/report.js';
import { version } from './versions.js';

/** The `ganzoo` command with all its subcommands. It throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command('ganzoo')
    .description('A zoo of GAN variants: train one, or compare them all fairly.')
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for the options)")
    .exitOverride();
  addBench(program);
  addReport(program);
  return program;
}
