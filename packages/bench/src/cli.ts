import { reportError } from './failure.js';
import { createProgram } from './program.js';

const debug = process.argv.includes('--debug');
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportError(error, debug);
}
