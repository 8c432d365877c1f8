/**
 * Trains variants traced, makes every step again operation by operation from the very state that it began from, and prints how far
 * the two are apart: the update of all weights, and each kind of optimizer slot, relative in L2, at worst over the steps. Then how far
 * two free runs drift apart, traced and eager, beside two eager ones of which one began from weights that were nudged by 1e-7.
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

const [steps = '50', ...asked] = process.argv.slice(2);
const NUDGE = 1e-7;

const engine = await loadEngine('native');
const variants = asked.length > 0 ? asked : discoverVariants().map(({ name }) => name);
const given = settingsOf({ suite: 'quick', engine: 'native', config: ['batchSize=16'] });
const { cells } = await planCells({ ...given, variants, datasets: ['glyphs', 'glyph-pairs'], seeds: [0], asked: [] }, {});
console.log(`${'variant'.padEnd(10)} ${['steps', 'update', 'slots', 'traced drifts', 'nudged drifts'].map((head) => head.padStart(14)).join('')}`);

for (const { variant, data, config, emaDecay } of cells) {
  const dataset = await loadDataset(data.name, { ...sizeOf(data.shape), splits: ['train'] });
  const make = (traced: boolean): Trainer => new Trainer({ variant, dataset, config, emaDecay, tracer: traced ? engine.tracer : undefined });
  const [traced, again, free, nudged] = [make(true), make(false), make(false), make(false)];
  nudged.restore(nudge(await nudged.snapshot()));
  let [update, slots] = [0, 0];
  for (let step = 1; step <= Number(steps); step++) {
    const before = await traced.snapshot();
    again.restore(before);
    for (const trainer of [traced, again, free, nudged]) await trainer.train({ steps: step });
    const [ours, theirs] = [await traced.snapshot(), await again.snapshot()];
    update = Math.max(update, distance(ours, theirs, { prefix: 'networks/', before }));
    for (const kind of ['m', 'v']) slots = Math.max(slots, distance(ours, theirs, { prefix: 'optimizers/', kind }));
  }
  const [t, e, n] = [await traced.snapshot(), await free.snapshot(), await nudged.snapshot()];
  const drifts = [t, n].map((other) => distance(other, e, { prefix: 'networks/' }));
  const numbers = [update, slots, ...drifts].map((value) => value.toExponential(1).padStart(14));
  console.log(`${variant.name.padEnd(10)} ${steps.padStart(14)}${numbers.join('')}`, ...Object.entries(traced.untraced).flat());
  for (const trainer of [traced, again, free, nudged]) trainer.dispose();
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

/** Every weight a ten-millionth larger or smaller. */
function nudge({ manifest, tensors }: Snapshot): Snapshot {
  const moved = Object.entries(tensors).map(([name, tensor]) => {
    if (!name.startsWith('networks/')) return [name, tensor] as const;
    const values = Float32Array.from(valuesOf(tensor), (value, i) => value * (1 + (i % 2 === 0 ? NUDGE : -NUDGE)));
    return [name, { ...tensor, data: new Uint8Array(values.buffer) }] as const;
  });
  return { manifest, tensors: Object.fromEntries(moved) };
}
