import { configFor, Random } from '@ganzoo/core';
import { slopesOf, syntheticDataset } from '@ganzoo/core/testing';
import { wganGp } from '@ganzoo/wgan';
import { expect, it } from 'vitest';

const points = { name: 'points', kind: 'vectors', shape: [2] } as const;

it("has right second-order gradients through the maxout layers of PacGAN's critic", async () => {
  const model = wganGp.build(configFor(wganGp, points, { net: 'pacgan', batchSize: 8, lambda: 10 }), points, Random.of(0));
  const { critic } = await slopesOf(model, syntheticDataset(points));
  expect(critic?.gradient).toBeGreaterThan(0);
  expect((critic?.difference as number) / (critic?.gradient as number)).toBeCloseTo(1, 1);
});
