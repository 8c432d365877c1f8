/**
 * Trains variants traced, a move of each player a step, makes every step again operation by operation from the very state that it began
 * from, and prints how far the two are apart: the update of all weights, relative in L2, in the median and at worst over the steps, and
 * optimizer slots at worst; beside them, at worst, an eager step from weights that were nudged by 1e-7, because where a maximum of two equals
 * changes sides a gradient jumps. Then how far two free runs drift apart, traced and eager, beside eager ones that began from nudged
 * weights: the largest of three, because how fast small differences grow depends on their direction.
 *
 *     npx tsx --conditions=@ganzoo/source packages/bench/scripts/traced-vs-eager.ts [steps] [variant ...]
 */
import { type Snapshot, Trainer, valuesOf } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import { settingsOf } from '../src/commands/run-options.js';
import { loadDataset } from '@ganzoo/datasets';
import { discoverVariants } from '../src/discover.js';
import { planCells } from '../src/plan.js';
import { sizeOf } from '../src/cell/job.js';
import { median } from '../src/statistics.js';

const [steps = '50', ...asked] = process.argv.slice(2);
const NUDGE = 1e-7;
const NUDGES = 3;
/** Differences grow with every move, a hundred of a critic's warm-up as fast as any. */
const ONE_MOVE: Readonly<Record<string, number>> = { nCritic: 1, warmUpMoves: 1, nDis: 1 };

const engine = await loadEngine('native');
const variants = asked.length > 0 ? asked : discoverVariants().map(({ name }) => name);
const given = settingsOf({ suite: 'quick', engine: 'native', config: ['batchSize=16'] });
const { cells } = await planCells({ ...given, variants, datasets: ['glyphs', 'glyph-pairs'], seeds: [0], asked: [] }, {});
console.log(`${'variant'.padEnd(10)} ${['steps', 'update', 'at worst', 'slots', 'nudged update', 'nudged slots', 'traced drifts', 'nudged drifts'].map((head) => head.padStart(14)).join('')}`);

for (const { variant, data, emaDecay, ...cell } of cells) {
  const config = Object.fromEntries(Object.entries(cell.config).map(([name, value]) => [name, ONE_MOVE[name] ?? value]));
  const dataset = await loadDataset(data.name, { ...sizeOf(data.shape), splits: ['train'] });
  const make = (traced: boolean): Trainer => new Trainer({ variant, dataset, config, emaDecay, tracer: traced ? engine.tracer : undefined });
  const [traced, again, beside, free] = [make(true), make(false), make(false), make(false)];
  const nudged = Array.from({ length: NUDGES }, () => make(false));
  for (const [i, trainer] of nudged.entries()) trainer.restore(nudge(await trainer.snapshot(), i));
  const all = [traced, again, beside, free, ...nudged];
  const updates = { traced: [] as number[], nudged: [] as number[] };
  const slots = { traced: 0, nudged: 0 };
  for (let step = 1; step <= Number(steps); step++) {
    const before = await traced.snapshot();
    again.restore(before);
    beside.restore(nudge(before, step % NUDGES));
    for (const trainer of all) await trainer.train({ steps: step });
    const eagerly = await again.snapshot();
    for (const [how, trainer] of [['traced', traced], ['nudged', beside]] as const) {
      const other = await trainer.snapshot();
      updates[how].push(distance(other, eagerly, { prefix: 'networks/', before }));
      for (const kind of ['m', 'v']) slots[how] = Math.max(slots[how], distance(other, eagerly, { prefix: 'optimizers/', kind }));
    }
  }
  const eager = await free.snapshot();
  const driftOf = async (trainer: Trainer): Promise<number> => distance(await trainer.snapshot(), eager, { prefix: 'networks/' });
  const ofNudged: number[] = [];
  for (const trainer of nudged) ofNudged.push(await driftOf(trainer));
  const numbers = [median(updates.traced), Math.max(...updates.traced), slots.traced, Math.max(...updates.nudged), slots.nudged, await driftOf(traced), Math.max(...ofNudged)].map((value) => value.toExponential(1).padStart(14));
  console.log(`${variant.name.padEnd(10)} ${steps.padStart(14)}${numbers.join('')}`, ...Object.entries(traced.untraced).flat());
  for (const trainer of all) trainer.dispose();
}
process.exit(0);

interface Part {
  readonly prefix: string;
  /** Of slots: `m`. */
  readonly kind?: string;
  /** Compare what has changed since. */
  readonly before?: Snapshot;
}

/** ||one - other|| / ||other||, over all tensors of a part. */
function distance(one: Snapshot, other: Snapshot, { prefix, kind, before }: Part): number {
  let [difference, size] = [0, 0];
  for (const [name, tensor] of Object.entries(other.tensors)) {
    if (!name.startsWith(prefix) || (kind !== undefined && name.split('/')[2] !== kind)) continue;
    const [x, y] = [one.tensors[name], tensor].map((stored) => valuesOf(stored as typeof tensor)) as [Float32Array, Float32Array];
    const start = before && valuesOf(before.tensors[name] as typeof tensor);
    for (let i = 0; i < y.length; i++) {
      difference += ((x[i] as number) - (y[i] as number)) ** 2;
      size += ((y[i] as number) - (start?.[i] ?? 0)) ** 2;
    }
  }
  return size === 0 ? 0 : Math.sqrt(difference / size);
}

/** Every weight a ten-millionth larger or smaller. @param which of several ways */
function nudge({ manifest, tensors }: Snapshot, which: number): Snapshot {
  const moved = Object.entries(tensors).map(([name, tensor]) => {
    if (!name.startsWith('networks/')) return [name, tensor] as const;
    const values = Float32Array.from(valuesOf(tensor), (value, i) => value * (1 + (((i >> which) & 1) === 0 ? NUDGE : -NUDGE)));
    return [name, { ...tensor, data: new Uint8Array(values.buffer) }] as const;
  });
  return { manifest, tensors: Object.fromEntries(moved) };
}
