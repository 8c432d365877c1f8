import { reportError } from './failure.js';
import { createProgram } from './program.js';

// Whoever reads the output may have seen enough: `ganzoo --help | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const debug = process.argv.includes('--debug');
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportError(error, debug);
}
