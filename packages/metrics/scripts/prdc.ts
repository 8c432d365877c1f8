/**
 * Times precision, recall, density and coverage of 10,000 against 10,000 samples of 64 features beside NumPy with blocked matrix products
 * (prdc.py in this folder), in alternating rounds.
 *
 *     npx tsx --conditions=@ganzoo/source packages/metrics/scripts/prdc.ts [rounds] [python]
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Random } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import { prdc } from '../src/index.js';

const [rounds = '5', python = 'python3'] = process.argv.slice(2);
const [ROWS, COLUMNS] = [10_000, 64];
await loadEngine('native');
const normals = (key: string): { data: Float32Array; rows: number; columns: number } => ({ data: Random.of(key).normals(ROWS * COLUMNS), rows: ROWS, columns: COLUMNS });
const [real, generated] = [normals('real'), normals('generated')];
await prdc(real, generated);
const times: { ours: number; numpy: number }[] = [];
for (let round = 0; round < Number(rounds); round++) {
  const began = performance.now();
  const scores = await prdc(real, generated, { k: 5, densityK: 5 });
  const ours = (performance.now() - began) / 1000;
  const numpy = Number(execFileSync(python, [fileURLToPath(new URL('prdc.py', import.meta.url))], { encoding: 'utf8' }));
  times.push({ ours, numpy });
  console.log(`round ${round + 1}: ours ${ours.toFixed(2)} s, NumPy ${numpy.toFixed(2)} s`, scores);
}
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
console.log(`NumPy / ours: ${(median(times.map(({ numpy }) => numpy)) / median(times.map(({ ours }) => ours))).toFixed(2)}`);
process.exit(0);
