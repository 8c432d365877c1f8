import { type EngineName, UsageError } from '@ganzoo/core';
import { InvalidArgumentError, Option } from 'commander';

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

export function engineOption(): Option {
  return new Option('--engine <name>', 'what computes').choices(ENGINES).default('auto');
}

/** It goes to every process of the command, by their environment. */
export function adapterOption(): Option {
  return new Option('--adapter <name>', "part of the GPU's name, for webgpu where there are several (default: the fastest)").argParser((name) => (process.env.GANZOO_ADAPTER = name));
}

/** @throws {UsageError} when two options were given that exclude each other. */
export function exclude(given: Readonly<Record<string, unknown>>, option: string, others: readonly string[]): void {
  const other = others.find((name) => given[name] !== undefined);
  if (given[option] === undefined || other === undefined) return;
  throw new UsageError(`--${option} and --${other.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} exclude each other.`, {
    remedy: `A resumed run takes its settings from its folder: leave out all but --${option}.`,
  });
}
