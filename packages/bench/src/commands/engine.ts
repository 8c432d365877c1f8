import { UsageError } from '@ganzoo/core';
import { installEngine, type InstallDevice, type InstallProgress } from '@ganzoo/engine';
import { type Command, Option } from 'commander';
import { duration, megabytes } from '../format.js';
import { watchInterrupt } from '../interrupt.js';
import { colors, progressView } from '../progress/index.js';

export function addEngine(program: Command): void {
  program
    .command('engine')
    .description('Manage the native engine.')
    .command('install')
    .description('Install TensorFlow for this machine into the user\'s cache, once for all projects. A killed installation leaves nothing half-made.')
    .addOption(new Option('--device <device>', 'what it computes on').choices(['cpu', 'cuda']).default('cpu'))
    .option('--without-gpu', 'for cuda, to prepare an image on a machine that has no GPU')
    .option('--quiet', 'no progress')
    .option('--debug', 'stack traces')
    .addHelpText('after', '\nExamples:\n  ganzoo engine install\n  ganzoo engine install --device cuda\n  ganzoo engine install --device cuda --without-gpu     in a Dockerfile')
    .action(install);
}

interface InstallCommandOptions {
  readonly device: InstallDevice;
  readonly withoutGpu?: boolean;
  readonly quiet?: boolean;
}

async function install({ device, withoutGpu = false, quiet = false }: InstallCommandOptions): Promise<void> {
  if (withoutGpu && device !== 'cuda') throw new UsageError(`--without-gpu is for --device cuda; '${device}' needs no GPU.`, { remedy: 'Leave it out, or add --device cuda.' });
  const view = progressView({ quiet });
  const interrupt = watchInterrupt(() => view.note('Stopping and cleaning up ...'));
  try {
    const { path, alreadyThere, seconds } = await installEngine({ device, withoutGpu, signal: interrupt.signal, onProgress: (progress) => view.status(progressText(progress)) });
    view.close();
    process.stdout.write(`${colors.out.green('✓')} The native engine (${device}) ${alreadyThere ? 'is already there' : `was installed in ${duration(seconds)}`}: ${path}\n`);
  } catch (error) {
    interrupt.check('Nothing was installed.'); // what failed was stopped
    throw error;
  } finally {
    view.close();
    interrupt.dispose();
  }
}

const PHASES: Readonly<Record<InstallProgress['phase'], string>> = {
  waiting: 'Another process is installing the same: waiting for it',
  checking: 'Checking disk, compiler, Python and Node.js',
  packages: 'Fetching the npm packages',
  downloading: 'Downloading TensorFlow',
  unpacking: 'Unpacking',
  compiling: 'Compiling the addon',
  verifying: 'Computing with it',
};

function progressText({ phase, fraction, bytes }: InstallProgress): string {
  const share = fraction === undefined ? '' : ` ${Math.round(100 * fraction)} %`;
  return `${PHASES[phase]} ...${share}${bytes === undefined ? '' : ` (${megabytes(bytes)})`}`;
}
