import * as tf from '@tensorflow/tfjs';
import { EpochSampler } from './batches.js';
import type { Batch, Dataset, DomainName, Samples, Source } from './data.js';
import type { Player } from './variant.js';

/**
 * Draws each move's batch from the training split. Each domain has its own order and its own position, counted in
 * samples; together with the seed the positions say everything, so they are what a checkpoint keeps.
 */
export class Feed {
  /** Real samples shown so far, over all domains. */
  imagesShown = 0;
  private readonly sources = new Map<DomainName, DomainFeed>();

  constructor(dataset: Dataset, seed: number) {
    const domains: DomainName[] = dataset.spec.domains ? ['a', 'b'] : ['real'];
    for (const domain of domains) {
      const source = dataset.source('train', domain);
      this.sources.set(domain, new DomainFeed(source, new EpochSampler(seed, source.length, domain)));
    }
  }

  /** @param resolution images are averaged down to this height. */
  async draw(needs: Player['needs'], size: number, resolution?: number): Promise<DrawnBatch> {
    const drawn: Partial<Record<Player['needs'][number], tf.Tensor>> = {};
    for (const [domain, feed] of this.sources) {
      const withLabels = domain === 'real' && needs.includes('labels');
      if (!needs.includes(domain) && !withLabels) continue;
      const { values, labels } = await feed.next(size);
      this.imagesShown += size;
      if (needs.includes(domain)) drawn[domain] = reduced(tf.tensor(values, [size, ...feed.source.spec.shape]), resolution);
      if (withLabels && labels) drawn.labels = tf.tensor1d(labels, 'int32');
    }
    return new DrawnBatch(size, drawn);
  }

  get positions(): Record<string, number> {
    return Object.fromEntries([...this.sources].map(([domain, { position }]) => [domain, position]));
  }

  restore(positions: Readonly<Record<string, number>>, imagesShown: number): void {
    for (const [domain, feed] of this.sources) feed.position = positions[domain] ?? 0;
    this.imagesShown = imagesShown;
  }
}

/**
 * A domain's samples in the order of training. While a batch is computed with, the next one of its size is read already: sources
 * that decode elsewhere are never waited for.
 */
class DomainFeed {
  position = 0;
  private ahead: ReadBatch | undefined;

  constructor(
    readonly source: Source,
    private readonly sampler: EpochSampler,
  ) {}

  async next(size: number): Promise<Samples> {
    const { ahead } = this;
    const batch = ahead?.position === this.position && ahead.size === size ? ahead : this.read(this.position, size);
    this.position = batch.next;
    const samples = await batch.samples;
    this.ahead = this.read(batch.next, size);
    this.ahead.samples.catch(() => undefined); // it fails where it is used, if it ever is
    return samples;
  }

  private read(position: number, size: number): ReadBatch {
    const { indices, next } = this.sampler.batch(position, size);
    return { position, size, next, samples: this.source.read(indices) };
  }
}

/** A batch that is being read, and where the one behind it starts. */
interface ReadBatch {
  readonly position: number;
  readonly size: number;
  readonly next: number;
  readonly samples: Promise<Samples>;
}

/** A batch that says so when a player reads what it did not ask for. */
export class DrawnBatch implements Batch {
  constructor(
    readonly size: number,
    /** What was asked for, by name. */
    readonly tensors: Partial<Record<Player['needs'][number], tf.Tensor>>,
  ) {}

  get real(): tf.Tensor {
    return this.get('real');
  }
  get labels(): tf.Tensor1D {
    return this.get('labels') as tf.Tensor1D;
  }
  get a(): tf.Tensor {
    return this.get('a');
  }
  get b(): tf.Tensor {
    return this.get('b');
  }

  dispose(): void {
    tf.dispose(this.tensors);
  }

  private get(name: Player['needs'][number]): tf.Tensor {
    const tensor = this.tensors[name];
    if (!tensor) throw new Error(`The batch has no '${name}': the player's needs do not list it, or the data do not have it.`);
    return tensor;
  }
}

function reduced(images: tf.Tensor, resolution: number | undefined): tf.Tensor {
  const height = images.shape[1];
  if (resolution === undefined || height === undefined || height === resolution) return images;
  const factor = height / resolution;
  const smaller = tf.avgPool(images as tf.Tensor4D, factor, factor, 'valid');
  images.dispose();
  return smaller;
}
