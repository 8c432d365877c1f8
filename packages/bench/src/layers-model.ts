import path from 'node:path';
import { writeFileAtomic } from '@ganzoo/core/node';
import * as tf from '@tensorflow/tfjs';

/**
 * Writes a network as `model.json` and `weights.bin`, what `tf.loadLayersModel` reads from a file or a URL. Networks with
 * layers of ours want `import '@ganzoo/core/layers'` there.
 * @returns the path of `model.json`.
 */
export async function saveLayersModel(network: tf.LayersModel, folder: string): Promise<string> {
  const file = path.join(folder, 'model.json');
  const handler = tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, format, generatedBy }) => {
    const bytes = tf.io.CompositeArrayBuffer.join(weightData);
    await writeFileAtomic(path.join(folder, 'weights.bin'), new Uint8Array(bytes));
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
    await writeFileAtomic(file, JSON.stringify({ format, generatedBy, modelTopology, weightsManifest }));
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await network.save(handler);
  return file;
}
