import type { EngineName, Variant } from '@ganzoo/core';
import { findSuite } from './suite.js';

/** What a bench was asked to do; kept in the run folder, so that a resumed run asks for the same. Plain data. */
export interface BenchSettings {
  readonly suite: string;
  /** Names of variants, or paths of modules that export one. */
  readonly variants: readonly string[];
  readonly datasets: readonly string[];
  readonly seeds: readonly number[];
  /** Which lists the user gave; what is not asked for by name may be left out where it does not fit. */
  readonly asked: readonly ('variants' | 'datasets')[];
  /** Generator steps of every cell. Null: the suite's, by the variants' presets, on the wasm engine scaled to its speed. */
  readonly steps: number | null;
  /** Null: the suite's, or the nearest that a variant takes. */
  readonly size: number | null;
  /** What the user set: fields that every variant must have. Precedes the suite's. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Null: the variant's. */
  readonly emaDecay: number | null;
  readonly engine: EngineName | 'auto';
  /** Cells that train at the same time; null: as the machine can. */
  readonly jobs: number | null;
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

/** What all cells have in common, in one line. */
export function describeSettings({ suite, datasets, seeds, steps, size, config, emaDecay, validationSamples, testSamples }: BenchSettings): string {
  const usual = findSuite(suite);
  return [
    `suite ${suite}: data sets ${datasets.join(', ')}`,
    `seeds ${seeds.join(', ')}`,
    `${steps ?? usual.steps} steps`,
    `${size ?? usual.size} pixels`,
    `config ${fields({ ...usual.config, ...config }) || "the variant's own"}`,
    emaDecay === null ? "each variant's own weight average" : emaDecay === 0 ? 'no weight average' : `weight average ${emaDecay}`,
    `${validationSamples} samples for validation, ${testSamples} for the test`,
  ].join('; ');
}

/** Where a variant has a share of its own in a suite: its steps and its settings, and why. */
export function describePreset({ name, presets }: Variant, { suite, steps, config, emaDecay }: BenchSettings): string | undefined {
  const preset = presets?.[suite];
  if (!preset) return undefined;
  const { stepsFactor = 1, why } = preset;
  const own = Object.fromEntries(Object.entries(preset.config ?? {}).filter(([field]) => !(field in config)));
  const said = [
    ...(stepsFactor !== 1 && steps === null ? [`${Math.round(findSuite(suite).steps * stepsFactor)} steps (x ${stepsFactor})`] : []),
    ...(Object.keys(own).length > 0 ? [fields(own)] : []),
    ...(preset.emaDecay !== undefined && emaDecay === null ? [`weight average ${preset.emaDecay}`] : []),
  ];
  return said.length === 0 ? undefined : `  ${name}: ${said.join(', ')}: ${why}`;
}

function fields(config: Readonly<Record<string, unknown>>): string {
  return Object.entries(config)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}
