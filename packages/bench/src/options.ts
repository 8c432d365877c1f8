import { type EngineName, UsageError } from '@ganzoo/core';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Parsers of option values. What they throw, commander prefixes with the option's name. */

export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) throw new InvalidArgumentError(`Give a whole number from ${least} on.`);
    return value;
  };
}

export function decay(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 1)) throw new InvalidArgumentError('Give a number in [0, 1); 0 keeps no average.');
  return value;
}

/** `a,b,c` */
export function words(text: string): string[] {
  const found = text.split(',').map((word) => word.trim()).filter((word) => word !== '');
  if (found.length === 0) throw new InvalidArgumentError('Give at least one name.');
  return [...new Set(found)];
}

/** `0,1,2` or `0-2`. */
export function wholeNumbers(text: string): number[] {
  const values = text.split(',').flatMap((part) => {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (!range) throw new InvalidArgumentError('Give whole numbers, such as 0,1,2 or 0-2.');
    const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (last < first || last - first > 1000) throw new InvalidArgumentError(`'${part}' is not a range.`);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(values)];
}

const ENGINES = ['auto', 'cuda', 'webgpu', 'native', 'wasm', 'js'] as const satisfies readonly (EngineName | 'auto')[];

/** Which engine a command computes with, and on which GPU. What is said of the GPU goes to every process of the command, by their environment. */
export function addEngineOptions(command: Command): Command {
  const toEnvironment = (name: string) => (value: string): string => (process.env[name] = value);
  const numberToEnvironment = (name: string, least: number) => (text: string): string => toEnvironment(name)(String(wholeNumber(least)(text)));
  return command
    .addOption(new Option('--engine <name>', 'what computes').choices(ENGINES).default('auto'))
    .option('--adapter <name>', "part of the GPU's name, for webgpu where there are several (default: the fastest)", toEnvironment('GANZOO_ADAPTER'))
    .option('--device-index <n>', "which GPU, for cuda, as 'nvidia-smi' counts those that CUDA_VISIBLE_DEVICES leaves (default: the first)", numberToEnvironment('GANZOO_DEVICE_INDEX', 0))
    .option('--memory-limit <MB>', 'of the GPU, for cuda, of each process (default: what it needs)', numberToEnvironment('GANZOO_MEMORY_LIMIT', 1000))
    .hook('preAction', (_, action) => checkEngineOptions(action.opts()));
}

/** The engine that each option of a GPU is for. */
const ENGINE_OF = { adapter: 'webgpu', deviceIndex: 'cuda', memoryLimit: 'cuda' } as const;

function checkEngineOptions(given: Readonly<Record<string, unknown>>): void {
  for (const [option, engine] of Object.entries(ENGINE_OF)) {
    if (given[option] === undefined || given.engine === engine || given.engine === 'auto') continue;
    throw new UsageError(`${flag(option)} is for the engine '${engine}', and --engine asks for '${String(given.engine)}'.`, { remedy: `Leave out ${flag(option)}, or take --engine ${engine}.` });
  }
}

/** @throws {UsageError} when two options were given that exclude each other. */
export function exclude(given: Readonly<Record<string, unknown>>, option: string, others: readonly string[]): void {
  const other = others.find((name) => given[name] !== undefined);
  if (given[option] === undefined || other === undefined) return;
  throw new UsageError(`${flag(option)} and ${flag(other)} exclude each other.`, {
    remedy: `A resumed run takes its settings from its folder: leave out all but ${flag(option)}.`,
  });
}

/** `--eval-every` of `evalEvery` */
function flag(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
