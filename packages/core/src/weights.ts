import type * as tf from '@tensorflow/tfjs';
import type { Networks } from './variant.js';

/** One saved value of a network. */
export interface NamedVariable {
  /** `generator/deconv1/kernel`: network, layer, weight. The same in every process, unlike TF.js's own unique names. */
  readonly name: string;
  readonly variable: tf.Variable;
  /** False for batch norm's moving statistics. */
  readonly trainable: boolean;
}

/**
 * Every weight of the networks, in a fixed order, each once: a layer that two networks share is listed under the first.
 * @throws {Error} when two layers of a network have the same name; a variant names its layers.
 */
export function namedVariables(networks: Networks): NamedVariable[] {
  const seen = new Set<number>();
  const names = new Set<string>();
  const found: NamedVariable[] = [];
  for (const [networkName, network] of Object.entries(networks)) {
    for (const layer of network.layers) {
      const trainable = new Set(layer.trainableWeights.map((weight) => weight.id));
      for (const weight of layer.weights) {
        const variable = weight.read() as tf.Variable;
        if (seen.has(variable.id)) continue;
        seen.add(variable.id);
        const name = `${networkName}/${weight.originalName}`;
        if (names.has(name)) throw new Error(`Two weights are called '${name}': give the layers of '${networkName}' different names.`);
        names.add(name);
        found.push({ name, variable, trainable: trainable.has(weight.id) });
      }
    }
  }
  return found;
}

/** The trainable variables of some networks, each once. */
export function trainableVariables(networks: readonly tf.LayersModel[]): tf.Variable[] {
  const all = networks.flatMap((network) => network.trainableWeights.map((weight) => weight.read() as tf.Variable));
  return [...new Map(all.map((variable) => [variable.id, variable])).values()];
}
