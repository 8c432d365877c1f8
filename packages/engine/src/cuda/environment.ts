import { UsageError } from '@ganzoo/core';
import type { ChosenGpu } from './choose.js';

/** What makes a process, and those that it starts, compute on the chosen GPU. TensorFlow reads it when it starts. */
export function environmentOf({ visible }: ChosenGpu): Record<'CUDA_DEVICE_ORDER' | 'CUDA_VISIBLE_DEVICES', string> {
  return { CUDA_DEVICE_ORDER: process.env.CUDA_DEVICE_ORDER ?? 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: visible }; // as nvidia-smi counts, not the fastest first
}

/** @throws {UsageError} when the variable is no whole number. */
export function wholeNumberIn(name: 'GANZOO_DEVICE_INDEX' | 'GANZOO_MEMORY_LIMIT', env: Readonly<Record<string, string | undefined>> = process.env): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError(`The environment has ${name}='${text}', which is not a whole number.`, { remedy: `Unset ${name}, or give a number${name === 'GANZOO_MEMORY_LIMIT' ? ' of MB' : ''}.` });
  return Number(text);
}

/** Sets variables, or removes them. @returns what puts them back. */
export function changeEnvironment(changes: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  const apply = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(changes)) apply(name, value);
  return () => {
    for (const [name, value] of before) apply(name, value);
  };
}
