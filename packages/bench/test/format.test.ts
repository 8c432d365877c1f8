import { expect, it } from 'vitest';
import { spreadText } from '../src/format.js';

it('prints means with the digits that their spread leaves meaningful, and equal values alone, zeros too', () => {
  expect(spreadText({ mean: 12.345, sd: 0.42, count: 3 })).toBe('12.35 ± 0.42');
  expect(spreadText({ mean: 8, sd: 0, count: 10 })).toBe('8');
  expect(spreadText({ mean: 0, sd: 0, count: 2 })).toBe('0');
  expect(spreadText(undefined)).toBe('-');
});
