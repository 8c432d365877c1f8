import type { EngineName } from '@ganzoo/core';
import { findSuite } from './suite.js';

/** What a bench was asked to do; kept in the run folder, so that a resumed run asks for the same. Plain data. */
export interface BenchSettings {
  readonly suite: string;
  /** Names of variants, or paths of modules that export one. */
  readonly variants: readonly string[];
  readonly datasets: readonly string[];
  readonly seeds: readonly number[];
  /** Generator steps of every cell. Null: the suite's, on the wasm engine scaled to its speed. */
  readonly steps: number | null;
  readonly size: number;
  /** What the user set: fields that every variant must have. Precedes the suite's. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly emaDecay: number;
  readonly engine: EngineName | 'auto';
  /** Operation by operation, also where the engine could run a move as one call. */
  readonly eager: boolean;
  /** Null: the one that was trained on the data set. */
  readonly extractor: string | null;
  /** Steps between scores on the validation split; null: as the suite has it. */
  readonly evalEvery: number | null;
  readonly validationSamples: number;
  readonly testSamples: number;
  /** Of KID. */
  readonly kernelSubsets: number;
}

/** All settings in one line. */
export function describeSettings({ suite, variants, datasets, seeds, steps, size, config, emaDecay, validationSamples, testSamples }: BenchSettings): string {
  const usual = findSuite(suite);
  const fields = Object.entries({ ...usual.config, ...config }).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [
    `suite ${suite}: variants ${variants.join(', ')}`,
    `data sets ${datasets.join(', ')}`,
    `seeds ${seeds.join(', ')}`,
    `${steps ?? usual.steps} steps`,
    `${size} pixels`,
    `config ${fields.length > 0 ? fields.join(' ') : "the variant's own"}`,
    emaDecay === 0 ? 'no weight average' : `weight average ${emaDecay}`,
    `${validationSamples} samples for validation, ${testSamples} for the test`,
  ].join('; ');
}
