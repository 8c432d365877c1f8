/**
 * Trains SNGAN and prints the largest singular value of every kernel that its discriminator runs with: 1, if the power
 * iterations keep up with the optimizer. The values come from TensorFlow's full singular value decomposition.
 *
 *     npx tsx --conditions=@ganzoo/source packages/bench/scripts/singular-values.ts [steps] [dataset] [key=value ...]
 */
import { parseOverrides, powerIterateAll, spectralNorms, Trainer } from '@ganzoo/core';
import { loadDataset } from '@ganzoo/datasets';
import { loadEngine } from '@ganzoo/engine';
import { sngan } from '@ganzoo/sngan';
import * as tf from '@tensorflow/tfjs';

const [steps = '500', name = 'glyphs', ...config] = process.argv.slice(2);
const engine = await loadEngine('native');
const dataset = await loadDataset(name);
const trainer = new Trainer({ variant: sngan, dataset, config: { net: 'shared', ...parseOverrides(config) }, tracer: engine.tracer });
const began = performance.now();
await trainer.train({ steps: Number(steps) });
const seconds = (performance.now() - began) / 1000;
console.log(`${name} [${dataset.spec.shape}], ${JSON.stringify(trainer.config)}: ${steps} steps of ${trainer.config.batchSize} in ${seconds.toFixed(1)} s`);

const discriminator = trainer.model.networks.discriminator as tf.LayersModel;
powerIterateAll(discriminator, trainer.config.powerIterations); // as the discriminator's next move does before its update
const kernels = discriminator.weights.filter(({ originalName }) => originalName.endsWith('/kernel'));
console.log('kernel                 matrix         |W|      sigma    |W / sigma|   off by');
for (const [i, norm] of spectralNorms(discriminator).entries()) {
  const kernel = kernels[i] as tf.LayerVariable;
  const matrix = tf.reshape(kernel.read(), [-1, kernel.shape.at(-1) as number]);
  const sigma = norm.sigma().dataSync()[0] as number;
  const [largest, divided] = [largestSingularValue(matrix), largestSingularValue(tf.div(matrix, sigma))];
  const cells = [kernel.originalName.padEnd(22), matrix.shape.join(' x ').padEnd(12), largest.toFixed(4).padStart(8), sigma.toFixed(4).padStart(8)];
  console.log(...cells, divided.toFixed(5).padStart(12), `${(100 * Math.abs(divided - 1)).toFixed(2)} %`.padStart(10));
}

/** Of a matrix, by TensorFlow's operation Svd, which TF.js does not offer itself. */
function largestSingularValue(matrix: tf.Tensor): number {
  const { binding, executeMultipleOutputs } = tf.backend() as unknown as TensorFlow;
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'compute_uv', type: binding.TF_ATTR_BOOL, value: false },
    { name: 'full_matrices', type: binding.TF_ATTR_BOOL, value: false },
  ];
  const [values] = executeMultipleOutputs.call(tf.backend(), 'Svd', attributes, [matrix], 3) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return Math.max(...values.dataSync());
}

interface TensorFlow {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_FLOAT', number>>;
  executeMultipleOutputs(name: string, attributes: readonly { name: string; type: number; value: unknown }[], inputs: readonly tf.Tensor[], outputs: number): tf.Tensor[];
}
