// Products operation by operation for a second, under Node's profiler: see cpu-kernels.test.ts. Shapes whose sgemm took the process down.
import { loadEngine } from '@ganzoo/engine';
import * as tf from '@tensorflow/tfjs';

await loadEngine('native', { threads: 1 });
const [a, b] = [tf.randomNormal<tf.Rank.R2>([100, 128]), tf.randomNormal<tf.Rank.R2>([128, 128])];
for (const end = performance.now() + 1000; performance.now() < end;) tf.tidy(() => tf.sum(tf.matMul(a, b), 0));
process.exit(0);
