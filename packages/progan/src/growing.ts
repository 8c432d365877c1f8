import * as tf from '@tensorflow/tfjs';
import { FIRST } from './schedule.js';

/** Where the growing networks are. */
export interface Stage {
  /** Height and width of the images, in pixels. */
  readonly resolution: number;
  /** In a fade the share of the new layers, 0 .. 1; without one they are all there is. */
  readonly alpha?: tf.Scalar;
}

/** z [n, latentDim] -> images [n, resolution, resolution, c] (figure 2, G). In a fade: mixed with the images of half the resolution. */
export function growingImage(generator: tf.LayersModel, z: tf.Tensor, { resolution, alpha }: Stage): tf.Tensor {
  let x = part(generator, 'base', z);
  let before = x;
  for (let side = 2 * FIRST; side <= resolution; side *= 2) [before, x] = [x, part(generator, `block${side}`, x)];
  const image = part(generator, `image${resolution}`, x);
  return alpha ? mix(doubled(part(generator, `image${resolution / 2}`, before)), image, alpha) : image;
}

/** Images [n, resolution, resolution, c] -> scores [n, 1] (figure 2, D). In a fade: mixed with what halved images lead to. */
export function growingScores(discriminator: tf.LayersModel, images: tf.Tensor, { resolution, alpha }: Stage): tf.Tensor {
  let x = part(discriminator, `from${resolution}`, images);
  for (let side = resolution; side > FIRST; side /= 2) {
    x = part(discriminator, `block${side}`, x);
    if (side === resolution && alpha) x = mix(part(discriminator, `from${side / 2}`, halved(images)), x, alpha);
  }
  return part(discriminator, 'head', x);
}

/** In a fade real images are mixed with their own lower resolution, as generated ones are. */
export function fadedImages(images: tf.Tensor, { alpha }: Stage): tf.Tensor {
  return alpha ? mix(doubled(halved(images)), images, alpha) : images;
}

/** Nearest neighbours, to the height and width `size`; images of that size stay as they are. */
export function enlarged(images: tf.Tensor, size: number): tf.Tensor {
  return images.shape[1] === size ? images : tf.image.resizeNearestNeighbor(images as tf.Tensor4D, [size, size]);
}

function doubled(images: tf.Tensor): tf.Tensor {
  return enlarged(images, 2 * (images.shape[1] as number));
}

function halved(images: tf.Tensor): tf.Tensor {
  return tf.avgPool(images as tf.Tensor4D, 2, 2, 'valid');
}

function mix(old: tf.Tensor, fresh: tf.Tensor, alpha: tf.Scalar): tf.Tensor {
  return tf.add(old, tf.mul(tf.sub(fresh, old), alpha));
}

function part(network: tf.LayersModel, name: string, x: tf.Tensor): tf.Tensor {
  return network.getLayer(name).apply(x) as tf.Tensor;
}
