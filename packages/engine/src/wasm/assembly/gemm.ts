/**
 * Matrix product C[m, n] = sum over k of A[k, m] B[k, n], with both operands read where they lie, in whatever order.
 *
 * Blocks of both are packed into panels that the inner loop reads from front to back (K. Goto and R. van de Geijn 2008,
 * "Anatomy of high-performance matrix multiplication"). Since packing takes any strides, transposes and the patches of a
 * convolution cost nothing extra: k runs over three nested axes (images, rows, columns), each with its stride.
 */

/** The tile of C that stays in registers: 4 rows of 8. WebAssembly engines have 15 or 16 vector registers; larger tiles spill. */
const TILE_M = 4;
const TILE_N = 8;
/** A block of B, BLOCK_K x BLOCK_N, stays in the second-level cache: 512 KiB. */
const BLOCK_K = 256;
const BLOCK_N = 512;

/** Bytes of scratch memory that `multiply` needs for n columns. */
export function multiplyScratchBytes(n: i32): i32 {
  const columns = min<i32>(BLOCK_N, (n + TILE_N - 1) / TILE_N * TILE_N);
  return (BLOCK_K * (columns + TILE_M) + TILE_M * TILE_N) << 2;
}

/** Strides are in elements: of C along m and n; of A and B along k's images, rows and columns, and along m or n. */
export function multiply(
  c: usize, m: i32, n: i32, cM: i32, cN: i32,
  images: i32, rows: i32, columns: i32,
  a: usize, aImage: i32, aRow: i32, aColumn: i32, aM: i32,
  b: usize, bImage: i32, bRow: i32, bColumn: i32, bN: i32,
  scratch: usize,
): void {
  const k = images * rows * columns;
  const tile = scratch;
  const panelA = tile + ((TILE_M * TILE_N) << 2);
  const panelsB = panelA + ((BLOCK_K * TILE_M) << 2);
  for (let n0 = 0; n0 < n; n0 += BLOCK_N) {
    const n1 = min<i32>(n, n0 + BLOCK_N);
    for (let k0 = 0; k0 < k; k0 += BLOCK_K) {
      const depth = min<i32>(BLOCK_K, k - k0);
      let to = panelsB;
      for (let j = n0; j < n1; j += TILE_N, to += (<usize>depth * TILE_N) << 2) {
        const from = b + (<usize>(j * bN) << 2);
        pack4(to, 32, from, k0, depth, rows, columns, bImage, bRow, bColumn, bN, n1 - j);
        pack4(to + 16, 32, from + (<usize>(4 * bN) << 2), k0, depth, rows, columns, bImage, bRow, bColumn, bN, n1 - j - 4);
      }
      for (let i = 0; i < m; i += TILE_M) {
        pack4(panelA, 16, a + (<usize>(i * aM) << 2), k0, depth, rows, columns, aImage, aRow, aColumn, aM, m - i);
        let panelB = panelsB;
        for (let j = n0; j < n1; j += TILE_N, panelB += (<usize>depth * TILE_N) << 2) {
          multiplyPanels(tile, panelA, panelB, depth);
          const corner = c + (<usize>(i * cM + j * cN) << 2);
          putTile(corner, tile, min<i32>(TILE_M, m - i), min<i32>(TILE_N, n1 - j), cM, cN, k0 > 0);
        }
      }
    }
  }
}

/** Four columns of an operand, from k0 on, side by side; columns beyond `valid` are zero. `step` is the distance in bytes between packed rows. */
function pack4(
  dst: usize, step: usize, src: usize, k0: i32, depth: i32, rows: i32, columns: i32,
  imageStride: i32, rowStride: i32, columnStride: i32, stride: i32, valid: i32,
): void {
  let column = k0 % columns;
  let row = (k0 / columns) % rows;
  let image = k0 / columns / rows;
  while (depth > 0) {
    const run = min<i32>(depth, columns - column);
    const from = src + (<usize>(image * imageStride + row * rowStride + column * columnStride) << 2);
    packRun(dst, step, from, run, <isize>columnStride << 2, <isize>stride << 2, valid);
    dst += step * run;
    depth -= run;
    column = 0;
    row++;
    if (row == rows) {
      row = 0;
      image++;
    }
  }
}

@inline
function packRun(dst: usize, step: usize, src: usize, count: i32, along: isize, across: isize, valid: i32): void {
  if (valid < 4) {
    packNarrow(dst, step, src, count, along, across, valid);
    return;
  }
  let i = 0;
  if (across == 4) {
    for (; i < count; i++, dst += step, src += along) v128.store(dst, v128.load(src));
    return;
  }
  if (along == 4) {
    for (; i + 4 <= count; i += 4, src += 16, dst += 4 * step) {
      const p = v128.load(src);
      const q = v128.load(src + across);
      const r = v128.load(src + 2 * across);
      const s = v128.load(src + 3 * across);
      const pqLow = v128.shuffle<i32>(p, q, 0, 4, 1, 5);
      const pqHigh = v128.shuffle<i32>(p, q, 2, 6, 3, 7);
      const rsLow = v128.shuffle<i32>(r, s, 0, 4, 1, 5);
      const rsHigh = v128.shuffle<i32>(r, s, 2, 6, 3, 7);
      v128.store(dst, v128.shuffle<i64>(pqLow, rsLow, 0, 2));
      v128.store(dst + step, v128.shuffle<i64>(pqLow, rsLow, 1, 3));
      v128.store(dst + 2 * step, v128.shuffle<i64>(pqHigh, rsHigh, 0, 2));
      v128.store(dst + 3 * step, v128.shuffle<i64>(pqHigh, rsHigh, 1, 3));
    }
  }
  for (; i < count; i++, dst += step, src += along) {
    store<u32>(dst, load<u32>(src));
    store<u32>(dst, load<u32>(src + across), 4);
    store<u32>(dst, load<u32>(src + 2 * across), 8);
    store<u32>(dst, load<u32>(src + 3 * across), 12);
  }
}

function packNarrow(dst: usize, step: usize, src: usize, count: i32, along: isize, across: isize, valid: i32): void {
  for (let i = 0; i < count; i++, dst += step, src += along) {
    v128.store(dst, f32x4.splat(0));
    for (let j = 0; j < valid; j++) store<u32>(dst + (j << 2), load<u32>(src + <isize>j * across));
  }
}

/** tile[4, 8] = sum over `depth` of a[k, 4] b[k, 8]. */
function multiplyPanels(tile: usize, a: usize, b: usize, depth: i32): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const end = a + ((<usize>depth) << 4);
  for (; a < end; a += 16, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(a0, b0));
    c01 = f32x4.add(c01, f32x4.mul(a0, b1));
    const a1 = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(a1, b0));
    c11 = f32x4.add(c11, f32x4.mul(a1, b1));
    const a2 = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(a2, b0));
    c21 = f32x4.add(c21, f32x4.mul(a2, b1));
    const a3 = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(a3, b0));
    c31 = f32x4.add(c31, f32x4.mul(a3, b1));
  }
  v128.store(tile, c00);
  v128.store(tile, c01, 16);
  v128.store(tile, c10, 32);
  v128.store(tile, c11, 48);
  v128.store(tile, c20, 64);
  v128.store(tile, c21, 80);
  v128.store(tile, c30, 96);
  v128.store(tile, c31, 112);
}

/** Puts a tile into C, or adds it to what earlier blocks of k left there. */
function putTile(c: usize, tile: usize, height: i32, width: i32, cM: i32, cN: i32, add: bool): void {
  const row: isize = <isize>cM << 2;
  if (cN == 1 && width == TILE_N) {
    for (let i = 0; i < height; i++, c += row, tile += 32) {
      const left = v128.load(tile);
      const right = v128.load(tile, 16);
      v128.store(c, add ? f32x4.add(v128.load(c), left) : left);
      v128.store(c, add ? f32x4.add(v128.load(c, 16), right) : right, 16);
    }
    return;
  }
  for (let i = 0; i < height; i++, c += row, tile += 32) {
    for (let j = 0; j < width; j++) {
      const at = c + (<isize>(j * cN) << 2);
      const value = load<f32>(tile + (j << 2));
      store<f32>(at, add ? load<f32>(at) + value : value);
    }
  }
}
