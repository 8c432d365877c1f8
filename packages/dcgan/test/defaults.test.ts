import { dcgan } from '@ganzoo/dcgan';
import { describe, expect, it } from 'vitest';

describe('the defaults', () => {
  it("are the paper's", () => {
    expect(dcgan.config.parse({})).toMatchObject({ learningRate: 2e-4, beta1: 0.5, beta2: 0.999, batchSize: 128, latentDim: 100, latent: 'uniform' });
  });
});
