import { ConfigError, reflectionPadding2d } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { valuesOf } from '../values.js';
import { expectClose, expectGradient, expectRoundTrip, functional, ramp } from './support.js';

describe('reflection padding', () => {
  it("equals NumPy's pad(mode='reflect')", async () => {
    const x = tf.tensor4d([0, 1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 3, 1]);
    // np.pad(np.arange(9).reshape(3, 3), 2, mode='reflect')
    const two = [
      [8, 7, 6, 7, 8, 7, 6],
      [5, 4, 3, 4, 5, 4, 3],
      [2, 1, 0, 1, 2, 1, 0],
      [5, 4, 3, 4, 5, 4, 3],
      [8, 7, 6, 7, 8, 7, 6],
      [5, 4, 3, 4, 5, 4, 3],
      [2, 1, 0, 1, 2, 1, 0],
    ];
    await expectClose(reflectionPadding2d({ padding: 2 }).apply(x) as tf.Tensor, two.flat());
    await expectClose(reflectionPadding2d({ padding: 0 }).apply(x.clone()) as tf.Tensor, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    x.dispose();
  });

  it('keeps images and channels apart', async () => {
    const x = ramp([2, 4, 3, 2]);
    const layer = reflectionPadding2d({ padding: 1 });
    for (const [image, channel] of [[0, 0], [1, 1]] as const) {
      const alone = tf.tidy(() => layer.apply(tf.slice(x, [image, 0, 0, channel], [1, 4, 3, 1])) as tf.Tensor);
      await expectClose(tf.tidy(() => tf.slice(layer.apply(x) as tf.Tensor, [image, 0, 0, channel], [1, 6, 5, 1])), await valuesOf(alone));
    }
    x.dispose();
  });

  it('sends the gradient back through the padding too', async () => {
    const x = ramp([2, 4, 5, 2]);
    await expectGradient((x) => functional(tf.square(reflectionPadding2d({ padding: 3 }).apply(x) as tf.Tensor)), x);
    // Every output pixel counts once: the gradients sum to their number.
    const sum = tf.tidy(() => tf.sum(tf.grad((x) => tf.sum(reflectionPadding2d({ padding: 3 }).apply(x) as tf.Tensor))(x)));
    await expectClose(sum, [2 * 10 * 11 * 2]);
    x.dispose();
  });

  it('is saved and loaded', async () => {
    await expectRoundTrip(reflectionPadding2d({ name: 'pad', padding: 2, inputShape: [4, 3, 2] }), [2, 4, 3, 2]);
  });

  it('refuses paddings that are not less than the image', () => {
    expect(() => reflectionPadding2d({ padding: -1 })).toThrow(ConfigError);
    expect(() => reflectionPadding2d({ padding: 1.5 })).toThrow(ConfigError);
    expect(() => tf.sequential({ layers: [reflectionPadding2d({ padding: 3, inputShape: [3, 8, 1] })] })).toThrow(/'.*' cannot mirror 3 pixels of an image of 3 x 8/);
  });
});
