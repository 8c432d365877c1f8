import { didYouMean, UsageError } from '@ganzoo/core';

/** The settings of a bench that nobody has to think about. Every one of them can be given on the command line. */
export interface Suite {
  readonly name: string;
  readonly datasets: readonly string[];
  readonly seeds: readonly number[];
  /** Generator steps of a cell; a variant's preset for the suite may take a share of it. */
  readonly steps: number;
  /** Height and width of images, in pixels; a variant that cannot take it gets the nearest that it can. */
  readonly size: number;
  /** For images: set for every variant whose config has the field. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Scores on the validation split during training, the one after the last step included. */
  readonly evaluations: number;
  /** Generated, and as many real samples, for a score on the validation split. */
  readonly validationSamples: number;
  /** The same for the scores on the test split. */
  readonly testSamples: number;
  /** Random subsets of 1,000 that KID is the mean of. */
  readonly kernelSubsets: number;
  /** On the wasm engine a cell's steps are scaled down until all cells together fit into this time; without it they are not. */
  readonly wasmSeconds?: number;
}

/** The default: every variant on embedded data, in less than twelve minutes on two slow cores with the native engine. */
const quick: Suite = {
  name: 'quick',
  datasets: ['glyphs', 'glyph-pairs'],
  seeds: [0],
  steps: 300,
  size: 28,
  config: { batchSize: 64 },
  evaluations: 3,
  validationSamples: 2000,
  testSamples: 5000,
  kernelSubsets: 10,
  wasmSeconds: 900,
};

/** One variant as its paper has it; KID by the usual 100 subsets. */
const paper: Suite = {
  name: 'paper',
  datasets: ['glyphs', 'glyph-pairs'],
  seeds: [0],
  steps: 2000,
  size: 28,
  config: {},
  evaluations: 10,
  validationSamples: 5000,
  testSamples: 10_000,
  kernelSubsets: 100,
};

/**
 * Modes of two mixtures, by the protocol of PacGAN's authors (arXiv 1712.04086, section 4.1) but for the steps: theirs
 * are 400,000 (400 epochs of 100,000 samples in batches of 100). Scored once: the last generator counts.
 */
const mixtures: Suite = {
  name: 'mixtures',
  datasets: ['ring', 'grid'],
  seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  steps: 4000,
  size: 28,
  config: {},
  evaluations: 1,
  validationSamples: 2500,
  testSamples: 2500,
  kernelSubsets: 0,
};

const suites: Readonly<Record<string, Suite>> = { quick, paper, mixtures };

/** @throws {UsageError} when there is no suite of this name. */
export function findSuite(name: string): Suite {
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite === undefined) throw new UsageError(`There is no suite '${name}'.`, { remedy: didYouMean(name, Object.keys(suites)) });
  return suite;
}
