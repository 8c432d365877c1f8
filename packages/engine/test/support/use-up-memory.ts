/**
 * A process that asks a GPU in software for more memory than it may have, and prints what went wrong. All but the one large tensor must find room, or
 * the process would end where nothing can be caught.
 *
 * @param argv the path of Linux's `prlimit`
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { loadEngine } from '../../src/index.js';

const GIB = 2 ** 30;

async function sumOfOnes(rows: number): Promise<void> {
  const sum = tf.tidy(() => tf.sum(tf.tile(tf.ones([1, 1024]), [rows, 1])));
  await sum.data();
}

await loadEngine('webgpu');
await sumOfOnes(1024); // the kernels are compiled
const used = 1024 * Number(/^VmData:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
execFileSync(process.argv[2] as string, ['--pid', String(process.pid), `--data=${used + 0.7 * GIB}`]);
try {
  await sumOfOnes(GIB / 4096);
  console.log(JSON.stringify(null));
} catch (error) {
  const { name, message, remedy } = error as Error & { readonly remedy?: string };
  console.log(JSON.stringify({ name, message, remedy }));
}
