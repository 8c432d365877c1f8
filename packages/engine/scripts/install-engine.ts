import { GanzooError } from '@ganzoo/core';
import { installEngine, type InstallProgress } from '../src/install/index.js';

/**
 * Prepares the native engine if this machine can have it, and ends well if not: then the engine 'wasm' does the work.
 * Behind the Nx target `install-engine`, on which tests and benches depend.
 */
const cancelled = new AbortController();
// on, not once: while a listener is left, the lock's own handler of signals does not end the process before the clean-up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelled.abort(new Error(signal)));

try {
  const { alreadyThere, seconds } = await installEngine({ onProgress: lines(), signal: cancelled.signal });
  console.log(alreadyThere ? 'The native engine is installed.' : `Installed the native engine in ${Math.round(seconds)} s.`);
} catch (error) {
  if (cancelled.signal.aborted) process.exit(130);
  if (!(error instanceof GanzooError)) throw error;
  console.log(`The native engine cannot be installed; 'wasm' will be used, which is slower. ${error.message} ${error.remedy}`);
}

/** One line per phase, and one per quarter of the download: output of a task runner is no terminal. */
function lines(): (progress: InstallProgress) => void {
  const names: Record<InstallProgress['phase'], string> = {
    waiting: 'another process is installing it; waiting',
    checking: 'checking this machine',
    packages: 'fetching tfjs-node',
    downloading: 'downloading TensorFlow',
    unpacking: 'unpacking',
    compiling: 'compiling the addon',
    verifying: 'trying it',
  };
  let last = '';
  return ({ phase, fraction }) => {
    const quarter = fraction === undefined ? '' : ` ${Math.floor(fraction * 4) * 25} %`;
    const line = `Native engine: ${names[phase]}${quarter}`;
    if (line !== last) console.log(line);
    last = line;
  };
}
