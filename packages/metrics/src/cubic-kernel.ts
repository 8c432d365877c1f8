import type { Matrix } from '@ganzoo/core';

/**
 * The kernel k(x, y) = (x.y / d + 1)^3 = (x~.y~)^3 with x~ = (x / sqrt(d), 1), and sums of it over sets of samples.
 * There are two ways to them: over all pairs, O(m n d); or through the third moments of x~, because
 * (x~.y~)^3 is the inner product of x~ (x) x~ (x) x~ with y~ (x) y~ (x) y~, O((m + n) d^3 / 6).
 */
export interface Lifted {
  /** Row-major [rows, size]. */
  readonly data: Float64Array;
  readonly rows: number;
  /** Dimensions of x~: those of x and one. */
  readonly size: number;
}

/** Rows x -> x~. */
export function lift({ data, rows, columns }: Matrix): Lifted {
  const size = columns + 1;
  const lifted = new Float64Array(rows * size).fill(1);
  const scale = 1 / Math.sqrt(columns);
  for (let row = 0, from = 0; row < rows; row++) {
    for (let j = 0, to = row * size; j < columns; j++) lifted[to++] = (data[from++] as number) * scale;
  }
  return { data: lifted, rows, size };
}

/** Sum of k(x, x) over the samples. */
export function selfKernelSum({ data, rows, columns }: Matrix): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let at = row * columns, end = at + columns; at < end; at++) square += (data[at] as number) * (data[at] as number);
    sum += (square / columns + 1) ** 3;
  }
  return sum;
}

/** {@link selfKernelSum} of lifted samples. */
export function selfLiftedSum({ data, rows, size }: Lifted): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    let dot = 0;
    for (let at = row * size, end = at + size; at < end; at++) dot += (data[at] as number) * (data[at] as number);
    sum += dot * dot * dot;
  }
  return sum;
}

/** Sum of k(x, y) over all pairs. */
export function pairKernelSum(x: Lifted, y: Lifted): number {
  const whole = x.rows - (x.rows % 4);
  let sum = 0;
  for (let i = 0; i < whole; i += 4) sum += stripeKernelSum(x, i, y, y.rows);
  for (let i = whole; i < x.rows; i++) sum += rowKernelSum(x, i, y, 0, y.rows);
  return sum;
}

/** Sum of k(x, x') over all pairs of two different samples, counted in both orders. */
export function distinctPairKernelSum(x: Lifted): number {
  const whole = x.rows - (x.rows % 4);
  let sum = 0;
  for (let i = 0; i < whole; i += 4) {
    sum += stripeKernelSum(x, i, x, i);
    for (let row = i + 1; row < i + 4; row++) sum += rowKernelSum(x, row, x, i, row);
  }
  for (let i = whole; i < x.rows; i++) sum += rowKernelSum(x, i, x, 0, i);
  return 2 * sum;
}

/** Row i of x with rows from .. to - 1 of y. */
function rowKernelSum(x: Lifted, i: number, y: Lifted, from: number, to: number): number {
  const { size } = x;
  let sum = 0;
  for (let j = from; j < to; j++) {
    let dot = 0;
    for (let p = i * size, q = j * size, end = p + size; p < end; p++, q++) dot += (x.data[p] as number) * (y.data[q] as number);
    sum += dot * dot * dot;
  }
  return sum;
}

/** Rows i .. i + 3 of x with rows 0 .. to - 1 of y, in tiles of 4 x 2: each value that is loaded serves several products. */
function stripeKernelSum(x: Lifted, i: number, y: Lifted, to: number): number {
  const { data, size } = x;
  const other = y.data;
  const whole = to - (to % 2);
  let sum = 0;
  for (let j = 0; j < whole; j += 2) {
    let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
    for (let p = i * size, q = j * size, end = p + size; p < end; p++, q++) {
      const y0 = other[q] as number;
      const y1 = other[q + size] as number;
      const x0 = data[p] as number;
      const x1 = data[p + size] as number;
      const x2 = data[p + 2 * size] as number;
      const x3 = data[p + 3 * size] as number;
      a += x0 * y0; b += x0 * y1;
      c += x1 * y0; d += x1 * y1;
      e += x2 * y0; f += x2 * y1;
      g += x3 * y0; h += x3 * y1;
    }
    sum += a * a * a + b * b * b + c * c * c + d * d * d + e * e * e + f * f * f + g * g * g + h * h * h;
  }
  if (whole < to) for (let row = i; row < i + 4; row++) sum += rowKernelSum(x, row, y, whole, to);
  return sum;
}

/** Multiplications that {@link thirdMoments} takes per sample, and numbers that it returns. */
export function thirdMomentCount(size: number): number {
  return (size * (size + 1) * (size + 2)) / 6;
}

/** Mean over the samples of x~_i x~_j x~_k for all i >= j >= k, in this order. */
export function thirdMoments({ data, rows, size }: Lifted): Float64Array {
  const blockRows = 128;
  const moments = new Float64Array(thirdMomentCount(size));
  const block = new Float64Array(size * blockRows); // transposed: one dimension's values lie side by side
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start);
    for (let row = 0; row < count; row++) {
      for (let j = 0; j < size; j++) block[j * blockRows + row] = data[(start + row) * size + j] as number;
    }
    addThirdProducts(moments, block, size, blockRows, count);
  }
  return moments.map((sum) => sum / rows);
}

function addThirdProducts(sums: Float64Array, block: Float64Array, size: number, stride: number, count: number): void {
  const product = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      for (let row = 0; row < count; row++) {
        product[row] = (block[i * stride + row] as number) * (block[j * stride + row] as number);
      }
      let k = 0;
      for (; k + 3 <= j; k += 4, at += 4) { // four at a time: `product` is loaded once for all
        let a = 0, b = 0, c = 0, d = 0;
        for (let row = 0, p = k * stride; row < count; row++, p++) {
          const factor = product[row] as number;
          a += factor * (block[p] as number);
          b += factor * (block[p + stride] as number);
          c += factor * (block[p + 2 * stride] as number);
          d += factor * (block[p + 3 * stride] as number);
        }
        sums[at] = (sums[at] as number) + a;
        sums[at + 1] = (sums[at + 1] as number) + b;
        sums[at + 2] = (sums[at + 2] as number) + c;
        sums[at + 3] = (sums[at + 3] as number) + d;
      }
      for (; k <= j; k++, at++) {
        let dot = 0;
        for (let row = 0, p = k * stride; row < count; row++, p++) dot += (product[row] as number) * (block[p] as number);
        sums[at] = (sums[at] as number) + dot;
      }
    }
  }
}

/** Inner product of two symmetric tensors given by their entries i >= j >= k: each stands for all its permutations. */
export function symmetricDot(a: Float64Array, b: Float64Array, size: number): number {
  let sum = 0;
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      for (let k = 0; k <= j; k++, at++) {
        const permutations = i === j ? (j === k ? 1 : 3) : (j === k ? 3 : 6);
        sum += permutations * (a[at] as number) * (b[at] as number);
      }
    }
  }
  return sum;
}
