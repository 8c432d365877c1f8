import * as tf from '@tensorflow/tfjs';

/**
 * TF.js's own conv2d and dense layers run fused operations, whose gradient always computes the input's and the
 * kernel's part. In a GAN half of that is thrown away: the generator's move needs no kernel gradients of the
 * discriminator, and the discriminator's first layer no gradient of the images. These are the stock layers, saved and
 * loaded as such, run as plain operations, of which TF.js computes only the gradients that are asked for.
 */
type Arguments<Layer extends 'conv2d' | 'dense'> = Parameters<(typeof tf.layers)[Layer]>[0];

/** What the layers hold beyond their public type. */
interface Internals {
  kernel: tf.LayerVariable;
  bias: tf.LayerVariable | null;
  activation: { apply(x: tf.Tensor): tf.Tensor };
}

/** `tf.layers.conv2d` without dilation, channels last. */
export function conv2d(args: Arguments<'conv2d'>): tf.layers.Layer {
  return running(tf.layers.conv2d(args), (x, kernel, config) =>
    tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, config.strides as [number, number], config.padding as 'same' | 'valid'),
  );
}

/** `tf.layers.dense` on rank 2. */
export function dense(args: Arguments<'dense'>): tf.layers.Layer {
  return running(tf.layers.dense(args), (x, kernel) => tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D));
}

/** Replaces what the layer does by `linear` plus its own bias and activation. */
function running(layer: tf.layers.Layer, linear: (x: tf.Tensor, kernel: tf.Tensor, config: tf.serialization.ConfigDict) => tf.Tensor): tf.layers.Layer {
  const config = layer.getConfig();
  layer.call = (inputs) =>
    tf.tidy(() => {
      const { kernel, bias, activation } = layer as unknown as Internals;
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
      const product = linear(x, kernel.read(), config);
      return activation.apply(bias ? tf.add(product, bias.read()) : product);
    });
  return layer;
}
