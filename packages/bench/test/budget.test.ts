import { describe, expect, it } from 'vitest';
import { estimateSeconds, scaleSteps } from '../src/budget.js';

const asked = { cells: 3, steps: 300, samples: 10_000, seconds: 480 };

describe('the budget on a slow engine', () => {
  it('gives every cell as many steps, in tens, as fit', () => {
    // 160 s per cell; 10,000 samples take 20 s; 140 s / 1.5 s = 93.3 steps.
    expect(scaleSteps(asked, { secondsPerStep: 1.5, secondsPerSample: 0.002 })).toBe(90);
  });

  it('never gives more than was asked for', () => {
    expect(scaleSteps(asked, { secondsPerStep: 0.01, secondsPerSample: 0.0001 })).toBe(300);
  });

  it('never gives fewer than 20, also when the scores alone take longer', () => {
    expect(scaleSteps(asked, { secondsPerStep: 60, secondsPerSample: 0.002 })).toBe(20);
    expect(scaleSteps(asked, { secondsPerStep: 1, secondsPerSample: 0.1 })).toBe(20);
  });

  it('is estimated from steps and samples of all cells', () => {
    expect(estimateSeconds({ cells: 3, steps: 90, samples: 10_000 }, { secondsPerStep: 1.5, secondsPerSample: 0.002 })).toBeCloseTo(3 * (135 + 20), 9);
  });
});
