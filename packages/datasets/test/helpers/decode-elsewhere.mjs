import { loadDataset } from '@ganzoo/datasets';

/**
 * A process of its own that reads a folder of pictures of 4 x 4 equal pixels with the built package, and ends by itself:
 * node decode-elsewhere.mjs FOLDER. Says how many threads it started, whether one broke, and the sum of the values.
 */
const threads = { started: 0, broken: 0 };
process.on('worker', (worker) => {
  threads.started += 1;
  worker.on('error', () => (threads.broken += 1));
});
const data = await loadDataset(`folder:${process.argv[2]}`);
let sum = 0;
for (const split of ['train', 'validation', 'test']) {
  const source = data.source(split);
  const { values } = await source.read(Array.from({ length: source.length }, (_, i) => i));
  for (let i = 0; i < values.length; i += 16) sum += Math.round((values[i] + 1) * 127.5);
}
console.log(JSON.stringify({ ...threads, sum }));
