/**
 * Times replayed runs on the GPU: from the beginning of a run's first pass to the end of its last one. A pass may write the GPU's
 * clock where it begins and ends; the copies between passes are in between.
 */
export class Clock {
  private readonly set: GPUQuerySet;
  private runs = 0;

  /** @param capacity runs that it can time. */
  constructor(
    private readonly device: GPUDevice,
    private readonly capacity = 1024,
  ) {
    this.set = device.createQuerySet({ type: 'timestamp', count: 2 * capacity });
  }

  /** What the passes of the next run write, or undefined when the clock is full. */
  begin(): { readonly first: number; readonly last: number; readonly set: GPUQuerySet } | undefined {
    if (this.runs === this.capacity) return undefined;
    const first = 2 * this.runs++;
    return { first, last: first + 1, set: this.set };
  }

  /** Milliseconds of all runs together; undefined when there was none, or more than it could time. The clock is used up then. */
  async end(): Promise<number | undefined> {
    const { device, runs } = this;
    const size = 2 * runs * BigUint64Array.BYTES_PER_ELEMENT;
    const values = size > 0 && runs < this.capacity ? await this.read(device, size) : [];
    this.set.destroy();
    if (values.length === 0) return undefined;
    let nanoseconds = 0n;
    for (let i = 0; i < values.length; i += 2) nanoseconds += (values[i + 1] as bigint) - (values[i] as bigint);
    return Number(nanoseconds) / 1e6;
  }

  private async read(device: GPUDevice, size: number): Promise<BigUint64Array> {
    const resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    const readable = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(this.set, 0, 2 * this.runs, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
    device.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const values = new BigUint64Array(readable.getMappedRange().slice(0));
    resolved.destroy();
    readable.destroy();
    return values;
  }
}
