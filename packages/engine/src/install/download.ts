import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '@ganzoo/core';
import type { OnProgress } from './progress.js';
import { type Recipe, WHEEL_PYTHON } from './recipe.js';
import { type RunOptions, runTool, tail } from './tools.js';

/**
 * Has pip download the recipe's wheels into `folder`. pip's own configuration (index, proxy, certificates, cache) holds.
 * @throws {EngineError} one line that says why, in well under a minute when the index does not answer.
 */
export async function downloadWheels(recipe: Recipe, python: string, folder: string, options: RunOptions, onProgress: OnProgress): Promise<void> {
  const temporary = path.join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const args = ['-m', 'pip', 'download', ...recipe.wheels, '--no-deps', '--only-binary=:all:', '--dest', folder];
  const target = ['--implementation', 'cp', '--python-version', WHEEL_PYTHON, '--abi', `cp${WHEEL_PYTHON.replace('.', '')}`];
  const tags = recipe.wheelTags.flatMap((tag) => ['--platform', tag]);
  const manners = ['--retries', '1', '--timeout', '15', '--no-input', '--disable-pip-version-check', '--progress-bar', 'off'];

  const stop = watchGrowth(folder, recipe.downloadBytes, onProgress);
  try {
    const result = await runTool(python, [...args, ...target, ...tags, ...manners], { ...options, env: { TMPDIR: temporary } });
    if (!result.ok) throw pipError(recipe, result.output, result.reason);
  } finally {
    stop();
  }
}

/** pip prints its progress for people only, in ways that differ between versions; the growing files are the same in all. */
function watchGrowth(folder: string, expectedBytes: number, onProgress: OnProgress): () => void {
  let watching = true;
  const report = async (): Promise<void> => {
    const bytes = await wheelBytes(folder);
    if (watching) onProgress({ phase: 'downloading', bytes, fraction: Math.min(1, bytes / expectedBytes) });
  };
  onProgress({ phase: 'downloading', bytes: 0, fraction: 0 });
  const timer = setInterval(() => void report(), 250);
  return () => {
    watching = false;
    clearInterval(timer);
  };
}

/** Bytes of the wheels that grow in a folder. pip copies a finished one from its temporary folder: it counts once. */
async function wheelBytes(folder: string): Promise<number> {
  const wheels = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.whl'));
  const largest = new Map<string, number>();
  for (const wheel of wheels) {
    const bytes = await stat(path.join(folder, wheel)).then(({ size }) => size, () => 0); // it may just have been moved
    largest.set(path.basename(wheel), Math.max(bytes, largest.get(path.basename(wheel)) ?? 0));
  }
  return [...largest.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** What pip's output says, in one sentence. Exported for its tests. */
export function pipError(recipe: Pick<Recipe, 'wheels'>, output: string, reason: string): EngineError {
  const wheel = recipe.wheels[0];
  const line = (pattern: RegExp): string | undefined => output.split('\n').find((text) => pattern.test(text))?.replace(/^(ERROR|WARNING): /, '');
  const broken = line(/connection broken by|is not a trusted or secure host|Max retries exceeded|HTTP error|Could not fetch URL/);
  if (broken !== undefined) {
    const index = line(/^Looking in index/)?.split(': ')[1] ?? 'its package index';
    return new EngineError(`pip cannot download ${wheel} from ${index}: ${lastCause(broken)}.`, {
      remedy: "Check the network and pip's configuration (PIP_INDEX_URL, proxy), then run 'ganzoo engine install'.",
    });
  }
  if (/No space left|Errno 28/.test(output)) {
    return new EngineError(`The disk became full while pip downloaded ${wheel}.`, { remedy: 'Free some space, or set GANZOO_CACHE to a folder on another disk.' });
  }
  return new EngineError(`pip could not download ${wheel}: ${sentence(line(/^ERROR: /) ?? (tail(output, 1) || reason))}`, {
    remedy: "See whether 'python3 -m pip download' works on this machine and whether its index has this version.",
  });
}

/** `[Errno 111] Connection refused` of urllib3's nested messages. */
function lastCause(line: string): string {
  const nested = /connection broken by '(.*)'(?:: \/.*)?$/.exec(line)?.[1] ?? line;
  const cause = nested.startsWith('The repository') ? nested.split('. ')[0] : nested.split(': ').at(-1);
  const clean = (cause ?? nested).replace(/ \(read timeout.*/, '').replace(/["')]+$/, '').replace(/\.$/, '');
  return clean.length > 160 ? `${clean.slice(0, 160)}…` : clean;
}

function sentence(text: string): string {
  return text.trim().replace(/\.?$/, '.');
}
