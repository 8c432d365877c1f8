/**
 * Prints how long it takes to compile the steps of each variant: adding the recorded moves to a program, handing it to the engine, and what the
 * first runs of each call take longer than a later one. With the paper's networks, unless told otherwise.
 *
 *     npx tsx --conditions=@ganzoo/source packages/bench/scripts/compile-time.ts [--suite quick] [variant ...]
 */
import { Trainer, type Program, type Tracer } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import { sizeOf } from '../src/cell/job.js';
import { settingsOf } from '../src/commands/run-options.js';
import { discoverVariants } from '../src/discover.js';
import { planCells } from '../src/plan.js';
import { median } from '../src/statistics.js';

const STEPS = 5;
const args = process.argv.slice(2);
const [, suite = 'paper'] = args[0] === '--suite' ? args.splice(0, 2) : [];
const engine = await loadEngine('native');

/** Milliseconds of adding and loading, and of each move's runs. */
class Stopwatch {
  compiling = 0;
  readonly runs = new Map<number, number[]>();
  /** The first runs in a session: TensorFlow makes a call ready when it first runs there, and each new call makes a new session. */
  private readonly first: { readonly move: number; readonly ms: number }[] = [];

  tracer({ record, program }: Tracer): Tracer {
    return { record, program: (variables) => this.timed(program(variables)) };
  }

  /** What these took longer than most. */
  get warmUp(): number {
    return this.first.reduce((sum, { move, ms }) => sum + Math.max(0, ms - median(this.runs.get(move) as number[])), 0);
  }

  private timed(program: Program): Program {
    const time = <T>(work: () => T, note: (ms: number) => void): T => {
      const began = performance.now();
      const result = work();
      note(performance.now() - began);
      return result;
    };
    const compiles = (ms: number): void => void (this.compiling += ms);
    const ready = new Set<number>();
    const note = (move: number, ms: number): void => {
      if (!ready.has(move)) this.first.push({ move, ms });
      ready.add(move);
      this.runs.set(move, [...(this.runs.get(move) ?? []), ms]);
    };
    return {
      add(recorded, updates) {
        ready.clear();
        return time(() => program.add(recorded, updates), compiles);
      },
      load: () => time(() => program.load(), compiles),
      run: (move, inputs) => time(() => program.run(move, inputs), (ms) => note(move, ms)),
      store: () => program.store(),
      dispose: () => program.dispose(),
    };
  }
}

const variants = args.length > 0 ? args : discoverVariants().map(({ name }) => name);
const given = settingsOf({ suite, engine: 'native' });
const { cells } = await planCells({ ...given, variants, datasets: ['glyphs', 'glyph-pairs'], seeds: [0], asked: [] }, {});
console.log(`${'variant'.padEnd(10)} ${['data', 'weights', 'calls', 'compiling', 'first runs', 'together'].map((head) => head.padStart(16)).join('')}`);
for (const { variant, data, config, emaDecay } of cells) {
  const dataset = await loadDataset(data.name, { ...sizeOf(data.shape), splits: ['train'], limit: 512 });
  const watch = new Stopwatch();
  const trainer = new Trainer({ variant, dataset, config, emaDecay, tracer: engine.tracer && watch.tracer(engine.tracer) });
  await trainer.train({ steps: STEPS });
  const weights = Object.values(trainer.model.networks).reduce((sum, network) => sum + network.countParams(), 0);
  const seconds = [watch.compiling, watch.warmUp, watch.compiling + watch.warmUp].map((ms) => `${(ms / 1000).toFixed(2)} s`);
  console.log(`${variant.name.padEnd(10)} ${[data.shape.join('x'), weights.toLocaleString('en'), String(watch.runs.size), ...seconds].map((text) => text.padStart(16)).join('')}`, ...Object.entries(trainer.untraced).flat());
  trainer.dispose();
}
process.exit(0);
