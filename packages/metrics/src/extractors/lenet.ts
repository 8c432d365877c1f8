import * as tf from '@tensorflow/tfjs';

export const LENET_FEATURES = 64;
export const LENET_CLASSES = 10;

/**
 * A small LeNet (LeCun et al. 1998, "Gradient-based learning applied to document recognition", figure 2) with rectifiers
 * and more filters: 5x5 convolutions without padding, 2x2 max pooling, 64 features, 10 classes. 65,162 weights for grey
 * images, 65,962 for coloured ones.
 * @param channels 1 (grey) or 3
 */
export function lenetShapes(channels: 1 | 3): Readonly<Record<LenetWeightName, readonly number[]>> {
  return {
    'conv1/kernel': [5, 5, channels, 16],
    'conv1/bias': [16],
    'conv2/kernel': [5, 5, 16, 32],
    'conv2/bias': [32],
    'features/kernel': [5 * 5 * 32, LENET_FEATURES],
    'features/bias': [LENET_FEATURES],
    'classes/kernel': [LENET_FEATURES, LENET_CLASSES],
    'classes/bias': [LENET_CLASSES],
  };
}

export type LenetWeightName = `${'conv1' | 'conv2' | 'features' | 'classes'}/${'kernel' | 'bias'}`;
export type LenetWeights<T extends tf.Tensor = tf.Tensor> = Readonly<Record<LenetWeightName, T>>;

/** [n, 32, 32, channels] in [-1, 1] -> the rectified 64 features [n, 64] in front of the classifier. */
export function lenetFeatures(weights: LenetWeights, images: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const first = block(images, weights['conv1/kernel'], weights['conv1/bias']); // [n, 14, 14, 16]
    const second = block(first, weights['conv2/kernel'], weights['conv2/bias']); // [n, 5, 5, 32]
    const flat = tf.reshape(second, [images.shape[0], 5 * 5 * 32]);
    return tf.relu(tf.add<tf.Tensor2D>(tf.matMul(flat, weights['features/kernel']), weights['features/bias']));
  });
}

/** Features [n, 64] -> logits [n, 10]. */
export function lenetLogits(weights: LenetWeights, features: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.add(tf.matMul(features, weights['classes/kernel']), weights['classes/bias']));
}

function block(images: tf.Tensor4D, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor4D {
  // Pooled first, on four times as large a map as the others: neither of them changes which of four is the largest.
  const pooled = tf.maxPool(tf.conv2d(images, kernel as tf.Tensor4D, 1, 'valid'), 2, 2, 'valid');
  return tf.relu(tf.add<tf.Tensor4D>(pooled, bias));
}
