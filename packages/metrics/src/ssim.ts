import { MetricError } from '@ganzoo/core';

/** Wang et al. 2004: a Gaussian window of 11 x 11 pixels, sigma 1.5; K1 .01, K2 .03; L = 1 for values in [0, 1]. */
const SIDE = 11;
const SIGMA = 1.5;
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/** The window along one axis; it is the product of both. */
const WINDOW = Array.from({ length: SIDE }, (_, i) => Math.exp(-((i - (SIDE - 1) / 2) ** 2) / (2 * SIGMA ** 2)));
const WINDOW_SUM = WINDOW.reduce((sum, weight) => sum + weight, 0);

/**
 * Structural similarity of two images (Wang, Bovik, Sheikh and Simoncelli 2004, eq. 13), the mean over all windows that
 * lie inside and over the channels: 1 for equal images, -1 at the least.
 * @param one,other [height, width, channels], row-major, in [0, 1]
 * @throws {MetricError} when the arrays do not have that shape, or it is smaller than the window of 11 x 11
 */
export function ssim(one: ArrayLike<number>, other: ArrayLike<number>, [height, width, channels]: readonly [number, number, number]): number {
  const size = height * width * channels;
  if (one.length !== size || other.length !== size || Math.min(height, width) < SIDE) {
    throw new MetricError(`Images of ${one.length} and of ${other.length} values have no SSIM as ${height} x ${width} x ${channels}.`, {
      remedy: `Give two images of one size, at least ${SIDE} pixels high and wide.`,
    });
  }
  const windowed = (value: (x: number, y: number) => number): Float64Array => {
    const products = Float64Array.from({ length: size }, (_, i) => value(one[i] as number, other[i] as number));
    return blurred(blurred(products, [height, width, channels], 0), [height - SIDE + 1, width, channels], 1);
  };
  const [meanX, meanY] = [windowed((x) => x), windowed((_, y) => y)];
  const [xx, yy, xy] = [windowed((x) => x * x), windowed((_, y) => y * y), windowed((x, y) => x * y)];
  let sum = 0;
  meanX.forEach((mx, i) => {
    const my = meanY[i] as number;
    const [vx, vy, covariance] = [(xx[i] as number) - mx * mx, (yy[i] as number) - my * my, (xy[i] as number) - mx * my];
    sum += ((2 * mx * my + C1) * (2 * covariance + C2)) / ((mx * mx + my * my + C1) * (vx + vy + C2));
  });
  return sum / meanX.length;
}

/** The weighted means of 11 values along an axis (0: rows, 1: columns), where all 11 are there. */
function blurred(values: Float64Array, shape: readonly [number, number, number], axis: 0 | 1): Float64Array {
  const [height, width, channels] = shape;
  const [rows, columns] = axis === 0 ? [height - SIDE + 1, width] : [height, width - SIDE + 1];
  const step = axis === 0 ? width * channels : channels;
  const out = new Float64Array(rows * columns * channels);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let i = 0; i < columns * channels; i++) {
      const from = row * width * channels + i;
      let sum = 0;
      for (let k = 0; k < SIDE; k++) sum += (WINDOW[k] as number) * (values[from + k * step] as number);
      out[at++] = sum / WINDOW_SUM;
    }
  }
  return out;
}
