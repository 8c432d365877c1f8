import type { Matrix } from '@ganzoo/core';
import { checkFeaturePair, checkVaries } from './features.js';
import { forEachRow, nearestOthers, squaredDistance } from './neighbours.js';

export interface PrdcOptions {
  /** Neighbours that make the radius of precision and recall. @default 3 */
  readonly k?: number;
  /** Neighbours that make the radius of density and coverage. @default 5 */
  readonly densityK?: number;
  /**
   * Whether a sample at just the radius counts as within: not in the code of Naeem et al. (prdc), which is the default here; it
   * does in Kynkäänniemi's and StyleGAN's. @default false
   */
  readonly inclusive?: boolean;
}

/** All in 0 .. 1 but density, which may exceed 1. */
export interface Prdc {
  /** Share of generated samples within the radius of some real one: fidelity. */
  readonly precision: number;
  /** Share of real samples within the radius of some generated one: diversity. */
  readonly recall: number;
  /** How many real samples' radii a generated one lies within, by k; about 1 for equal distributions. */
  readonly density: number;
  /** Share of real samples that have a generated one within their radius. */
  readonly coverage: number;
}

/**
 * Precision and recall by Kynkäänniemi et al. 2019 (arXiv 1904.06991, equations 1 and 2), density and coverage by Naeem et al. 2020
 * (arXiv 2002.09797, equations 4 and 5). The radius of a sample is its distance to its k-th nearest other sample of the same
 * side. Near-ties are decided in float64.
 * @throws {MetricError} for bad features, real ones that are all equal, or fewer than k + 1 samples on a side.
 */
export async function prdc(real: Matrix, generated: Matrix, { k = 3, densityK = 5, inclusive = false }: PrdcOptions = {}): Promise<Prdc> {
  checkFeaturePair(real, generated);
  checkVaries(real, 'real features');
  const nearestReal = await nearestOthers(real, Math.max(k, densityK), undefined, 'real features');
  const nearestGenerated = await nearestOthers(generated, k, undefined, 'generated features');
  const within = new Tester(real, generated, inclusive);
  const [radii, densityRadii] = [k, densityK].map((count) => Float64Array.from(nearestReal, (distances) => distances[count - 1] as number)) as [Float64Array, Float64Array];
  const generatedRadii = Float64Array.from(nearestGenerated, (distances) => distances[k - 1] as number);
  const [precise, recalled, covered] = [new Uint8Array(generated.rows), new Uint8Array(real.rows), new Uint8Array(real.rows)];
  let dense = 0;
  const reach = radii.map((radius, row) => Math.max(radius, densityRadii[row] as number));
  await forEachRow(real, generated, ({ query, margin, start, count, at, beyond, square }) => {
    const generatedRadius = generatedRadii[query] as number;
    const own = square - margin;
    const generatedLimit = generatedRadius - own;
    for (let j = 0; j < count; j++) {
      const more = beyond[at + j] as number;
      const row = start + j;
      if (more > generatedLimit && more + own > (reach[row] as number)) continue;
      const distance = square + more;
      if (precise[query] === 0 && within.test(distance, margin, radii[row] as number, row, query)) precise[query] = 1;
      if (recalled[row] === 0 && within.test(distance, margin, generatedRadius, row, query)) recalled[row] = 1;
      if (within.test(distance, margin, densityRadii[row] as number, row, query)) {
        dense += 1;
        covered[row] = 1;
      }
    }
  });
  return { precision: shareOf(precise), recall: shareOf(recalled), density: dense / (densityK * generated.rows), coverage: shareOf(covered) };
}

class Tester {
  constructor(
    private readonly real: Matrix,
    private readonly generated: Matrix,
    private readonly inclusive: boolean,
  ) {}

  /** Whether a distance, right to within a margin, is below a radius. All squared. */
  test(distance: number, margin: number, radius: number, row: number, query: number): boolean {
    if (distance + margin < radius) return true;
    if (distance - margin > radius) return false;
    const exact = squaredDistance(this.real, row, this.generated, query);
    return this.inclusive ? exact <= radius : exact < radius;
  }
}

function shareOf(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
}
