// Our side of a case: ours.ts CASE traced|eager THREADS|all ENGINE. Answers the lines of its standard input as peer.py does.
import { createInterface } from 'node:readline';
import { type EngineName, Trainer } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import { cases } from './cases.js';

/** Moves are recorded in the first two steps, and what traces runs as one call from the third on; ProGAN is grown after six. */
const WARM_UP = 10;
const [name = '', mode = 'traced', threads = 'all', engineName = 'native'] = process.argv.slice(2);
const one = cases[name];
if (!one) throw new Error(`There is no case '${name}'. Take one of: ${Object.keys(cases).join(', ')}.`);
const { variant, data, config, player } = one;
const engine = await loadEngine(engineName as EngineName, threads === 'all' ? {} : { threads: Number(threads) });
// PyTorch's data are in memory before its first step. Ours, which are drawn when they are first read, are too after the steps below.
const limit = WARM_UP * (config.batchSize as number);
const dataset = await loadDataset(data.name, { ...(data.size === undefined ? {} : { size: data.size }), limit, splits: ['train'] });
const tracer = mode === 'traced' ? engine.tracer : undefined;
const trainer = new Trainer({ variant, dataset, config, tracer, emaDecay: 0 }); // PyTorch's side keeps no weight average
await trainer.train({ steps: WARM_UP });
for (const [refused, reason] of Object.entries(trainer.untraced)) throw new Error(`Not traced as one call: ${refused}. ${reason}`);

/** Milliseconds of so many steps, or of the player's moves in them. */
async function time(steps: number): Promise<number[]> {
  const times: number[] = [];
  let began = performance.now();
  const lap = (counts: boolean): void => {
    const now = performance.now();
    if (counts) times.push(now - began);
    began = now;
  };
  await trainer.train({
    steps: trainer.step + steps,
    callbacks: [player === undefined ? { onStep: () => lap(true) } : { onMove: (event) => lap(event.player.name === player) }],
  });
  return times;
}

/** How many trainable ones all networks have. */
function weights(): number {
  const all = Object.values(trainer.model.networks).flatMap((network) => network.trainableWeights);
  return all.reduce((sum, { shape }) => sum + shape.reduce((product: number, size) => product * (size as number), 1), 0);
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(line === 'weights' ? weights() : await time(Number(line)))}\n`);
}
process.exit(0);
