import { describe, expect, it } from 'vitest';
import { estimateSeconds, scaleSteps } from '../src/budget.js';

const asked = { steps: 300, scores: 10, seconds: 160 };

describe('the budget on a slow engine', () => {
  it('gives a cell as many steps, in tens, as fit', () => {
    // Ten scores take 20 s; 140 s / 1.5 s = 93.3 steps.
    expect(scaleSteps(asked, { secondsPerStep: 1.5, secondsPerScore: 2 })).toBe(90);
  });

  it('never gives more than was asked for', () => {
    expect(scaleSteps(asked, { secondsPerStep: 0.01, secondsPerScore: 0.1 })).toBe(300);
    expect(scaleSteps({ ...asked, steps: 7 }, { secondsPerStep: 60, secondsPerScore: 2 })).toBe(7);
  });

  it('never gives fewer than 20, also when the scores alone take longer', () => {
    expect(scaleSteps(asked, { secondsPerStep: 60, secondsPerScore: 2 })).toBe(20);
    expect(scaleSteps(asked, { secondsPerStep: 1, secondsPerScore: 100 })).toBe(20);
  });

  it('is estimated from steps and scores', () => {
    expect(estimateSeconds({ steps: 90, scores: 10 }, { secondsPerStep: 1.5, secondsPerScore: 2 })).toBeCloseTo(135 + 20, 9);
  });
});
