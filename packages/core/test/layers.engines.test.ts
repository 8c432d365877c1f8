import { conv2d, dense } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { valuesOf } from './values.js';

/** Values and gradients of input and weights of a layer under a fixed linear functional. */
function run(layer: tf.layers.Layer, input: tf.Tensor, weights: tf.Tensor[]): Promise<number[][]> {
  const tensors = tf.tidy(() => {
    layer.apply(input);
    layer.setWeights(weights);
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const apply = (x: tf.Tensor): tf.Tensor => layer.apply(x) as tf.Tensor;
    const functional = (y: tf.Tensor): tf.Scalar => tf.sum(tf.mul(y, tf.reshape(tf.cos(tf.range(0, y.size)), y.shape)));
    const { grads } = tf.variableGrads(() => functional(apply(input)), variables);
    return [apply(input), tf.grad((x) => functional(apply(x)))(input), ...variables.map(({ name }) => grads[name] as tf.Tensor)];
  });
  return Promise.all(tensors.map(valuesOf));
}

async function kernelsOf(work: () => tf.TensorContainer): Promise<string[]> {
  const { kernelNames } = await tf.profile(() => tf.tidy(() => (tf.dispose(work()), tf.scalar(0))));
  return kernelNames;
}

const ramp = (shape: number[]): tf.Tensor => tf.reshape(tf.sin(tf.range(0, tf.util.sizeFromShape(shape))), shape);

describe('the layers whose unneeded gradients are not computed', () => {
  it.each([
    ['conv2d, stride 2', (make: typeof tf.layers) => make.conv2d({ filters: 3, kernelSize: 4, strides: 2, padding: 'same', activation: 'tanh' }), [2, 7, 6, 2], [[4, 4, 2, 3], [3]]],
    ['conv2d, valid, no bias', (make: typeof tf.layers) => make.conv2d({ filters: 2, kernelSize: 3, useBias: false }), [1, 6, 6, 1], [[3, 3, 1, 2]]],
    ['dense', (make: typeof tf.layers) => make.dense({ units: 4, activation: 'relu' }), [3, 5], [[5, 4], [4]]],
  ])('%s equals the stock layer, in values and gradients', async (_, make, inputShape, weightShapes) => {
    const input = ramp(inputShape);
    const weights = weightShapes.map(ramp);
    const ours = await run(make({ ...tf.layers, conv2d, dense } as typeof tf.layers), input, weights);
    const stock = await run(make(tf.layers), input, weights);
    ours.forEach((values, i) => values.forEach((value, j) => expect(Math.abs(value - (stock[i]?.[j] ?? Number.NaN))).toBeLessThan(1e-4)));
    tf.dispose([input, ...weights]);
  });

  it('are saved as stock layers', () => {
    const model = tf.sequential({ layers: [conv2d({ filters: 1, kernelSize: 3, inputShape: [4, 4, 1] })] });
    expect(model.layers[0]?.getClassName()).toBe('Conv2D');
    model.dispose();
  });

  it('compute no kernel gradient when only the input is asked for, and the other way round', async () => {
    const layer = conv2d({ filters: 2, kernelSize: 3, padding: 'same', inputShape: [5, 5, 1] });
    const model = tf.sequential({ layers: [layer] });
    const input = ramp([1, 5, 5, 1]);
    const loss = (x: tf.Tensor): tf.Scalar => tf.sum(model.apply(x) as tf.Tensor);
    const kernel = layer.trainableWeights[0]?.read() as tf.Variable;
    const ofInput = await kernelsOf(() => tf.grad(loss)(input));
    const ofKernel = await kernelsOf(() => tf.variableGrads(() => loss(input), [kernel]).grads);
    expect(ofInput).toContain('Conv2DBackpropInput');
    expect(ofInput).not.toContain('Conv2DBackpropFilter');
    expect(ofKernel).toContain('Conv2DBackpropFilter');
    expect(ofKernel).not.toContain('Conv2DBackpropInput');
    model.dispose();
    input.dispose();
  });
});
