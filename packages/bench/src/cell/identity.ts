import { canonicalJson, type EngineName } from '@ganzoo/core';
import { sha256 } from '@ganzoo/core/node';

/** How a cell is scored while it trains and at its end. */
export interface EvaluationPlan {
  /** Null when samples are compared themselves. */
  readonly extractor: string | null;
  /** A second opinion on the test split; null where there is none. */
  readonly second: string | null;
  /** A score on the validation split after every so many steps, and after the last one. */
  readonly every: number;
  readonly validationSamples: number;
  readonly testSamples: number;
  /** Random subsets of at most 1,000 that KID on the test split is the mean of. */
  readonly kernelSubsets: number;
}

/** Everything that a cell's result depends on. Two cells with equal identities are the same cell. */
export interface CellIdentity {
  readonly variant: string;
  readonly data: { readonly name: string; readonly shape: readonly number[] };
  readonly seed: number;
  /** Every field of the variant's config, defaults filled in. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly emaDecay: number;
  /** Generator steps. */
  readonly budget: number;
  readonly evaluation: EvaluationPlan;
  /** Of ganzoo's packages and of the engine. */
  readonly versions: Readonly<Record<string, string>>;
  readonly engine: EngineName;
  readonly device: string;
  readonly mode: 'eager' | 'traced';
}

/** The first 12 hexadecimal digits of the SHA-256 of the identity's canonical JSON (sorted keys). */
export function cellId(identity: CellIdentity): string {
  return sha256(canonicalJson(identity)).slice(0, 12);
}

/** `dcgan on glyphs, seed 0` */
export function cellTitle({ variant, data, seed }: Pick<CellIdentity, 'variant' | 'data' | 'seed'>): string {
  return `${variant} on ${data.name}, seed ${seed}`;
}
