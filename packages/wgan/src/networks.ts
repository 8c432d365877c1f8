import { dcganDiscriminator, dcganGenerator, type DataSpec, type Networks, pacganDiscriminator, pacganGenerator, type Random, smallDiscriminator, smallGenerator, toyDiscriminator, toyGenerator } from '@ganzoo/core';

export interface WganNetworkOptions {
  readonly net: 'paper' | 'shared' | 'pacgan';
  readonly filters: number;
  readonly stages: number | null;
  readonly latentDim: number;
  /** Of the critic: a gradient penalty forbids batch norm. */
  readonly norm: 'batch' | 'none';
}

/** Both networks' hidden layers on vectors: WGAN-GP, section 3 and appendix. */
const TOY_HIDDEN = [512, 512, 512];

/** DCGAN's networks, the small net of the bench, or for vectors fully connected ones with ReLU or those of PacGAN's experiments. The critic's score is its last layer's output. */
export function wganNetworks(options: WganNetworkOptions, data: DataSpec, random: Random): Networks<'generator' | 'critic'> {
  const { net, latentDim } = options;
  if (net === 'pacgan') return { generator: pacganGenerator(data, latentDim, random), critic: pacganDiscriminator(data, random) };
  if (data.kind === 'vectors') {
    const hidden = TOY_HIDDEN;
    return { generator: toyGenerator(data, { hidden, latentDim }, random), critic: toyDiscriminator(data, { hidden, activation: 'relu' }, random) };
  }
  if (net === 'shared') return { generator: smallGenerator(data, latentDim, random), critic: smallDiscriminator(data, options, random) };
  return { generator: dcganGenerator(data, options, random), critic: dcganDiscriminator(data, options, random) };
}
