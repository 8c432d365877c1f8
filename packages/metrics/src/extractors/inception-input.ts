import * as tf from '@tensorflow/tfjs';

/** Images of 299 px at a time: the maps of the first layers of more than these take gigabytes. */
const AT_ONCE = 32;

/**
 * What the Inception graph of the authors of FID (Heusel et al. 2017, arXiv 1706.08500) computes with in TensorFlow 1: images as bytes, in
 * colour, resized bilinearly from corner to corner without antialiasing (`align_corners` and `half_pixel_centers` false), then
 * (byte - 128) / 128.
 * @param images [n, h, w, 1 or 3] in [-1, 1]
 * @returns [n, side, side, 3] in [-1, 1)
 */
export function asInceptionInput(images: tf.Tensor4D, side: [number, number]): tf.Tensor4D {
  return tf.tidy(() => {
    const coloured = images.shape[3] === 1 ? tf.tile(images, [1, 1, 1, 3]) : images;
    const bytes = tf.round(tf.clipByValue(tf.mul(tf.add(coloured, 1), 127.5), 0, 255)) as tf.Tensor4D;
    return tf.div<tf.Tensor4D>(tf.sub(tf.image.resizeBilinear(bytes, side, false, false), 128), 128);
  });
}

/** The features of all images, of which `compute` sees a few at a time. */
export function inParts(images: tf.Tensor4D, compute: (part: tf.Tensor4D) => tf.Tensor2D): tf.Tensor2D {
  const [total] = images.shape;
  return tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    for (let start = 0; start < total; start += AT_ONCE) {
      parts.push(tf.tidy(() => compute(tf.slice(images, [start, 0, 0, 0], [Math.min(AT_ONCE, total - start), -1, -1, -1]))));
    }
    return tf.concat(parts, 0);
  });
}
