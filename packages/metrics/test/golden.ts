import type { Matrix } from '@ganzoo/core';

/** A matrix by formula, as the golden vectors are given. */
export function matrixOf(rows: number, columns: number, value: (i: number, j: number) => number): Matrix {
  const data = Float64Array.from({ length: rows * columns }, (_, at) => value(Math.floor(at / columns), at % columns));
  return { data, rows, columns };
}

/** Set A of the golden vectors: 120 real and 90 generated samples of 8 features. */
export const goldenReal = matrixOf(120, 8, (i, j) => Math.sin((i + 1) * (2 * j + 3) * 0.37));
export const goldenGenerated = matrixOf(90, 8, (i, j) => 0.9 * Math.cos((i + 1) * (2 * j + 3) * 0.53) + 0.05 * j);

/** Rank 2 in 6 dimensions. */
export const rankDeficientReal = matrixOf(50, 6, (i, j) => Math.sin(7 * i + 3 * j));
export const rankDeficientGenerated = matrixOf(40, 6, (i, j) => Math.sin(5 * i + 2 * j + 1));

/**
 * Fréchet distance and unbiased kernel distance by NumPy (SVD of the centred data; full kernel matrices), for
 * a = sin((i + 1)(j + 2) 1.3) + .1 j, i < n, against b = cos((i + 2)(j + 1) .7), i < n + 1, j < d.
 */
export const grid: readonly { n: number; d: number; frechet: number; kernel: number }[] = [
  { n: 2, d: 1, frechet: 0.24239276360886297, kernel: -2.1876760713144305 },
  { n: 2, d: 2, frechet: 0.6136485492413475, kernel: -2.470461459086046 },
  { n: 2, d: 7, frechet: 5.747440357361346, kernel: -1.0054876510037722 },
  { n: 2, d: 64, frechet: 945.9123249298153, kernel: 2963.31987115377 },
  { n: 3, d: 1, frechet: 0.7887272713834335, kernel: 0.4542622783913939 },
  { n: 3, d: 2, frechet: 0.8142714117742402, kernel: -0.7659374575613214 },
  { n: 3, d: 7, frechet: 3.597871436072274, kernel: -0.4744763665739953 },
  { n: 3, d: 64, frechet: 937.7541402875054, kernel: 2965.4882479135786 },
  { n: 5, d: 1, frechet: 0.33602686295921336, kernel: 0.022413021905972386 },
  { n: 5, d: 2, frechet: 0.5195357888210737, kernel: -0.26234272016713334 },
  { n: 5, d: 7, frechet: 5.163325664422649, kernel: 0.5109951818198222 },
  { n: 5, d: 64, frechet: 925.9440288716743, kernel: 2964.007748695191 },
  { n: 17, d: 1, frechet: 0.0001326449854586187, kernel: -0.26671756280918446 },
  { n: 17, d: 2, frechet: 0.009699999257113845, kernel: -0.24964078854534488 },
  { n: 17, d: 7, frechet: 3.006097393857157, kernel: 0.5131230969062361 },
  { n: 17, d: 64, frechet: 890.762851733766, kernel: 2959.15884232134 },
  { n: 64, d: 1, frechet: 0.00020049197871285784, kernel: -0.06745090505369067 },
  { n: 64, d: 2, frechet: 0.013254448358098081, kernel: -0.03521182131526901 },
  { n: 64, d: 7, frechet: 1.5774792878224568, kernel: 0.45754968872285895 },
  { n: 64, d: 64, frechet: 895.4128747483886, kernel: 2951.3011633757383 },
  { n: 100, d: 1, frechet: 0.00014028398253218555, kernel: -0.04309758190992463 },
  { n: 100, d: 2, frechet: 0.013465062488477564, kernel: -0.008528954298386182 },
  { n: 100, d: 7, frechet: 1.2425735852090742, kernel: 0.46627496209224484 },
  { n: 100, d: 64, frechet: 892.9348858099501, kernel: 2959.258363687081 },
];

export function gridPair(n: number, d: number): { a: Matrix; b: Matrix } {
  return {
    a: matrixOf(n, d, (i, j) => Math.sin((i + 1) * (j + 2) * 1.3) + 0.1 * j),
    b: matrixOf(n + 1, d, (i, j) => Math.cos((i + 2) * (j + 1) * 0.7)),
  };
}

/** Generated samples close to the real ones, the farther the larger i; as in reference/neighbours.py. */
export function nearPair(m: number, n: number, d: number): [real: Matrix, generated: Matrix] {
  return [matrixOf(m, d, (i, j) => Math.sin((i + 1) * (2 * j + 3) * 0.37)), matrixOf(n, d, (i, j) => Math.sin((i * 1.001 + 1) * (2 * j + 3) * 0.37))];
}
