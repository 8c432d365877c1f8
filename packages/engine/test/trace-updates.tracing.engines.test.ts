import { describe, expect, it } from 'vitest';
import { GRADIENTS, optimizerCases, rmsprop, START } from '../../core/test/optimizer-cases.js';
import { tracedUpdates } from './support/traced-updates.js';

/** Beside the weight stands one that nothing moves. */
const START_OF_TWO = [START, 0];
const GRADIENTS_OF_TWO = GRADIENTS.map((gradient) => [gradient, 0]);

describe('updates in place equal the rules of their papers, computed in float64 by core/test/reference/optimizers.py', () => {
  it.each(optimizerCases)('%s', async (_, config, expected) => {
    const { weight } = await tracedUpdates(config, START_OF_TWO, GRADIENTS_OF_TWO);
    expect([...weight]).toEqual([expect.closeTo(expected, 5), 0]);
  });

  it("rmsprop's slot is the mean square alone", async () => {
    // .1 g^2 of each gradient, decayed by .9 for every later one
    const expected = GRADIENTS.reduce((v, g) => 0.9 * v + 0.1 * g * g, 0);
    const { slots } = await tracedUpdates(rmsprop, START_OF_TWO, GRADIENTS_OF_TWO);
    expect(Object.keys(slots)).toEqual(['v']);
    expect([...(slots.v ?? [])]).toEqual([expect.closeTo(expected, 6), 0]);
  });
});
