import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Ended, ganzoo, temporaryFolder, TINY } from './cli.js';

/** How a command ended: which of the texts it did not say, whether it printed a stack trace or a result. */
function told({ exitCode, stdout, stderr }: Ended, ...texts: readonly string[]): object {
  return { exitCode, unsaid: texts.filter((text) => !stderr.includes(text)), trace: /\n\s+at /.test(stderr), stdout };
}

/** Said all, with this exit code and nothing else. */
function only(exitCode: 1 | 2): object {
  return { exitCode, unsaid: [], trace: false, stdout: '' };
}

describe('a wrong call ends with exit code 2 and what was meant', () => {
  it.each([
    ['variant', ['bench', '--variants', 'dcgna'], "There is no variant 'dcgna'.", "Did you mean 'dcgan'?"],
    ['data set', ['bench', '--datasets', 'mnits'], "There is no data set 'mnits'.", "Did you mean 'mnist'?"],
    ['option', ['bench', '--stpes', '3'], "unknown option '--stpes'", 'Did you mean --steps?'],
    ['command', ['bnech'], "unknown command 'bnech'", 'Did you mean bench?'],
    ['config field', ['bench', '--variants', 'dcgan', '--config', 'latentDin=3'], "dcgan has no config field 'latentDin'.", "Did you mean 'latentDim'?"],
    ['config field of no variant', ['bench', '--config', 'latentDin=3'], " config field 'latentDin'.", "'latentDim'"],
    ['config value', ['bench', '--config', 'filters=-1'], "config field 'filters' is -1", 'Give a value that fits'],
    ['config word', ['bench', '--config', 'filters'], "'filters' is not of the form key=value.", 'Write for example'],
    ['suite', ['bench', '--suite', 'quik'], "There is no suite 'quik'.", "Did you mean 'quick'?"],
    ['engine', ['bench', '--engine', 'nativ'], "argument 'nativ' is invalid", 'native'],
    ['option of another engine', ['bench', '--engine', 'native', '--device-index', '1'], "--device-index is for the engine 'cuda'", '--engine cuda'],
    ['GPU', ['bench', '--engine', 'cuda', '--device-index', 'one'], "'one' is invalid", 'Give a whole number from 0 on.'],
    ['device', ['engine', 'install', '--without-gpu'], '--without-gpu is for --device cuda', 'add --device cuda'],
    ['extractor', ['bench', '--extractor', 'mnist-lenet'], "There is no extractor 'mnist-lenet'.", "Did you mean 'mnist-lenet64'"],
    ['size', ['bench', '--size', '30'], "'glyphs' does not come with size 30.", 'Choose one of 28, 32, 64.'],
    ['number of samples', ['bench', '--samples', '20000'], "the test split of 'glyphs' has 10000", 'at most 10000'],
    ['number of steps', ['bench', '--steps', '1.5'], "'1.5' is invalid", 'Give a whole number from 1 on.'],
    ['seed list', ['bench', '--seeds', 'a,b'], "'a,b' is invalid", 'such as 0,1,2'],
    ['run folder', ['bench', '--resume', 'no/such/run'], 'There is no run in', 'Give the folder'],
    ['checkpoint', ['sample', 'no/such/run'], 'There is no run in', 'Give the folder'],
    ['missing variant', ['train'], 'Train what?', 'Give a variant'],
  ])('%s', async (_, args, problem, remedy) => {
    expect(told(await ganzoo(...args), problem, remedy)).toEqual(only(2));
  });

  it('shows the stack trace with --debug', async () => {
    expect((await ganzoo('bench', '--variants', 'dcgna', '--debug')).stderr).toMatch(/\n\s+at /);
  });
});

describe('damaged data end with exit code 1, before any training', () => {
  it.each([
    ['not gzip', Buffer.from('hello'), 'train-images-idx3-ubyte.gz'],
    ['another file', gzipSync(Buffer.alloc(100)), 'train-images-idx3-ubyte.gz'],
  ])('%s', async (_, bytes, name) => {
    const folder = await temporaryFolder();
    const out = path.join(folder, 'run');
    const files = ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz', 't10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'];
    for (const file of files) await writeFile(path.join(folder, file), bytes);
    expect(told(await ganzoo('bench', '--datasets', 'mnist', '--data-dir', folder, '--out', out), name, 'Replace it')).toEqual(only(1));
    expect(await readdir(folder)).not.toContain('run');
  });

  it('a missing folder', async () => {
    expect(told(await ganzoo('bench', '--datasets', 'mnist', '--data-dir', 'no/such/folder'), 'does not exist', '--data-dir')).toEqual(only(1));
  });
});

describe('a run folder', () => {
  it('of something else is refused, and nothing in it is changed', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'thesis.txt'), 'precious');
    expect(told(await ganzoo('bench', '--engine', 'js', '--steps', '1', ...TINY, '--out', folder), 'is not a run folder', '--out')).toEqual(only(1));
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });

  it('of another config is refused, and a damaged checkpoint too; nothing is overwritten', async () => {
    const folder = await temporaryFolder();
    const out = path.join(folder, 'run');
    const bench = (...args: readonly string[]): Promise<Ended> => ganzoo('bench', '--engine', 'js', ...TINY, '--steps', '2', '--out', out, '--quiet', ...args);
    expect(await bench()).toMatchObject({ exitCode: 0 });
    const before = await contents(out);

    expect(told(await bench('--eval-every', '1'), 'belongs to another bench: its evalEvery is null', '--out')).toEqual(only(1));
    expect(await contents(out)).toEqual(before);

    const result = (await readdir(path.join(out, 'cells'))).find((name) => name.endsWith('.json')) as string;
    const checkpoint = path.join(out, 'cells', path.basename(result, '.json'), 'last.safetensors');
    const bytes = await readFile(checkpoint);
    bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 4;
    await writeFile(checkpoint, bytes);
    expect(told(await ganzoo('sample', out, '--last', '--engine', 'js', '--out', path.join(folder, 'grid.png')), `The checkpoint '${checkpoint}' is damaged`, 'Delete it')).toEqual(only(1));

    await rm(path.join(out, 'cells', result)); // as if it had been killed before the end
    const damaged = await contents(out);
    expect(told(await bench(), `The checkpoint '${checkpoint}' is damaged`, 'Delete it')).toEqual(only(1));
    expect(await contents(out)).toEqual(damaged);
  });
});

/** Every file below a folder, and its content. */
async function contents(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(files.sort().map(async (file) => [file, (await readFile(file)).toString('base64')] as const)));
}
