import { didYouMean, UsageError } from '@ganzoo/core';

/** The settings of a bench that nobody has to think about. Every one of them can be given on the command line. */
export interface Suite {
  readonly name: string;
  readonly datasets: readonly string[];
  readonly seeds: readonly number[];
  /** Generator steps of every cell. */
  readonly steps: number;
  /** Height and width of the images, in pixels. */
  readonly size: number;
  /** Set for every variant whose config has the field. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly emaDecay: number;
  /** Scores on the validation split during training, the one after the last step included. */
  readonly evaluations: number;
  /** Generated, and as many real images, for a score on the validation split. */
  readonly validationSamples: number;
  /** The same for the scores on the test split. */
  readonly testSamples: number;
  /** Random subsets of 1,000 that KID is the mean of. */
  readonly kernelSubsets: number;
  /** On the wasm engine the suite's steps are scaled down until the bench fits into this time; without it they are not. */
  readonly wasmSeconds?: number;
}

/** The default: every variant on embedded data, in less than four minutes on two slow cores with the native engine. */
const quick: Suite = {
  name: 'quick',
  datasets: ['glyphs'],
  seeds: [0, 1],
  steps: 500,
  size: 28,
  config: { batchSize: 64 },
  emaDecay: 0,
  evaluations: 5,
  validationSamples: 2000,
  testSamples: 10_000,
  kernelSubsets: 10,
  wasmSeconds: 480,
};

/** One variant as its paper has it; KID by the usual 100 subsets. */
const paper: Suite = {
  name: 'paper',
  datasets: ['glyphs'],
  seeds: [0],
  steps: 2000,
  size: 28,
  config: {},
  emaDecay: 0,
  evaluations: 10,
  validationSamples: 5000,
  testSamples: 10_000,
  kernelSubsets: 100,
};

const suites: Readonly<Record<string, Suite>> = { quick, paper };

/** @throws {UsageError} when there is no suite of this name. */
export function findSuite(name: string): Suite {
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite === undefined) throw new UsageError(`There is no suite '${name}'.`, { remedy: didYouMean(name, Object.keys(suites)) });
  return suite;
}
