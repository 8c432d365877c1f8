import { describe, expect, it } from 'vitest';
import { DataError, EpochSampler, UsageError } from '../src/index.js';

/** All batches of one size from a position, until `count` are drawn. */
function draw(sampler: EpochSampler, size: number, count: number, position = 0): number[][] {
  const batches: number[][] = [];
  for (let i = 0; i < count; i++) {
    const { indices, next } = sampler.batch(position, size);
    batches.push([...indices]);
    position = next;
  }
  return batches;
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

describe('the epoch sampler', () => {
  it('shows every sample once per epoch', () => {
    const batches = draw(new EpochSampler(7, 12), 4, 6);
    const all = Array.from({ length: 12 }, (_, i) => i);
    expect(sorted(batches.slice(0, 3).flat())).toEqual(all);
    expect(sorted(batches.slice(3).flat())).toEqual(all);
  });

  it('shuffles every epoch anew, and another way for another seed or domain', () => {
    const [first, second] = draw(new EpochSampler(7, 100), 100, 2);
    expect(second).not.toEqual(first);
    expect(draw(new EpochSampler(8, 100), 100, 1)[0]).not.toEqual(first);
    expect(draw(new EpochSampler(7, 100, 'a'), 100, 1)[0]).not.toEqual(draw(new EpochSampler(7, 100, 'b'), 100, 1)[0]);
    expect(draw(new EpochSampler(7, 100), 100, 1)[0]).toEqual(first);
  });

  it('goes on from any position as if it had never stopped', () => {
    const whole = draw(new EpochSampler(1, 103), 10, 40);
    let position = 0;
    for (let i = 0; i < 40; i++) {
      const { indices, next } = new EpochSampler(1, 103).batch(position, 10);
      expect([...indices]).toEqual(whole[i]);
      position = next;
    }
  });

  it('gives the same batch for the same position, in whatever order it is asked', () => {
    const sampler = new EpochSampler(3, 50);
    const late = [...sampler.batch(170, 8).indices];
    sampler.batch(0, 8);
    expect([...sampler.batch(170, 8).indices]).toEqual(late);
  });

  it('drops the end of an epoch that is smaller than the batch', () => {
    const sampler = new EpochSampler(1, 10);
    expect(sampler.batch(4, 4).next).toBe(8);
    expect(sampler.batch(8, 4)).toEqual({ indices: sampler.batch(10, 4).indices, next: 14 });
    expect(sampler.batch(6, 4).next).toBe(10); // fills the epoch exactly: nothing is dropped
  });

  it('lets the batch size change within an epoch', () => {
    const sampler = new EpochSampler(1, 16);
    const large = sampler.batch(0, 8);
    const small = sampler.batch(large.next, 4);
    const rest = sampler.batch(small.next, 4);
    expect(sorted([...large.indices, ...small.indices, ...rest.indices])).toEqual(Array.from({ length: 16 }, (_, i) => i));
  });

  it('hands out copies: a caller may change what it got', () => {
    const sampler = new EpochSampler(1, 16);
    const before = [...sampler.batch(0, 8).indices];
    sampler.batch(0, 8).indices.fill(0);
    expect([...sampler.batch(0, 8).indices]).toEqual(before);
  });

  it('refuses a batch larger than the data, an empty split, and positions or sizes that are none', () => {
    expect(() => new EpochSampler(1, 10).batch(0, 11)).toThrow(DataError);
    expect(() => new EpochSampler(1, 10).batch(0, 11)).toThrow('A batch of 11 cannot be drawn from 10 samples.');
    expect(() => new EpochSampler(1, 0)).toThrow(DataError);
    expect(() => new EpochSampler(1, 10).batch(-1, 2)).toThrow(UsageError);
    expect(() => new EpochSampler(1, 10).batch(0.5, 2)).toThrow(UsageError);
    expect(() => new EpochSampler(1, 10).batch(0, 0)).toThrow(UsageError);
  });
});
