import { DataError, UsageError } from './errors.js';
import { Random } from './random.js';

/** The samples of one batch, and where the next batch starts. */
export interface BatchIndices {
  /** [size], distinct, 0 .. length - 1. */
  readonly indices: Uint32Array;
  /** Position after this batch, in samples since the start of training. */
  readonly next: number;
}

/**
 * Which samples a batch holds: every epoch is a fresh permutation of the data, derived from (seed, domain, epoch).
 *
 * Nothing but the position decides, so a resumed run goes on with exactly the batches that the uninterrupted one
 * would have seen. A batch never spans two epochs: what is left of an epoch, when it is smaller than the batch, is
 * dropped. The batch size may change from call to call (progressive growing).
 */
export class EpochSampler {
  private epoch = -1;
  private order: Uint32Array = new Uint32Array(0);

  /**
   * @param seed of the run
   * @param length number of samples in the split
   * @param domain `real`, `a` or `b`: two domains are shuffled independently
   * @throws {DataError} when there are no samples
   */
  constructor(
    private readonly seed: number | string,
    readonly length: number,
    private readonly domain = 'real',
  ) {
    if (!(Number.isSafeInteger(length) && length > 0)) {
      throw new DataError(`A split of ${length} samples cannot be drawn from.`, { remedy: 'Give a data set that has samples.' });
    }
  }

  /**
   * The batch of `size` samples at `position`.
   * @param position samples since the start of training: 0, then the `next` of the batch before
   * @throws {DataError} when the batch is larger than the data set
   */
  batch(position: number, size: number): BatchIndices {
    if (!(Number.isSafeInteger(position) && position >= 0)) {
      throw new UsageError(`${position} is not a position in the data.`, { remedy: 'Start at 0 and go on with the `next` of each batch.' });
    }
    if (!(Number.isSafeInteger(size) && size > 0)) {
      throw new UsageError(`${size} is not a batch size.`, { remedy: 'Give a whole number of at least 1.' });
    }
    if (size > this.length) {
      throw new DataError(`A batch of ${size} cannot be drawn from ${this.length} samples.`, {
        remedy: `Choose a batch size of at most ${this.length}, or use more data.`,
      });
    }
    let epoch = Math.floor(position / this.length);
    let start = position - epoch * this.length;
    if (start + size > this.length) {
      epoch += 1;
      start = 0;
    }
    return { indices: this.permutation(epoch).slice(start, start + size), next: epoch * this.length + start + size };
  }

  private permutation(epoch: number): Uint32Array {
    if (epoch !== this.epoch) {
      this.order = Random.of(this.seed, 'epoch', this.domain, epoch).permutation(this.length);
      this.epoch = epoch;
    }
    return this.order;
  }
}
