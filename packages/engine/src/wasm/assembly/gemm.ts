/**
 * Matrix product C[m, n] = sum over k of A[k, m] B[k, n], with all three read and written where they lie, in whatever order.
 *
 * Blocks of both operands are packed into panels that the inner loop reads from front to back (K. Goto and R. van de Geijn 2008,
 * "Anatomy of high-performance matrix multiplication"). Since packing takes any order, transposes and the patches of a convolution
 * cost nothing extra: each of m, n and k is three nested loops (images, rows and columns, say), with strides of its own in each matrix.
 */

/** The tile of C that stays in registers: 4 rows of 8. WebAssembly engines have 15 or 16 vector registers; larger tiles spill. */
const TILE_M = 4;
const TILE_N = 8;
/** A block of B, BLOCK_K x BLOCK_N, stays in the second-level cache: 512 KiB. */
const BLOCK_K = 512;
const BLOCK_N = 256;

/** Bytes of scratch memory that `multiply` needs for n columns. */
export function multiplyScratchBytes(n: i32): i32 {
  const columns = min<i32>(BLOCK_N, (n + TILE_N - 1) / TILE_N * TILE_N);
  return (BLOCK_K * (columns + TILE_M) + TILE_M * TILE_N) << 2;
}

/** Three nested loops over a matrix: an address, what the loops run to, and the strides in elements. */
@unmanaged
class Walk {
  outer: i32;
  middle: i32;
  inner: i32;
  outerStride: i32;
  middleStride: i32;
  innerStride: i32;

  @inline
  get size(): i32 {
    return this.outer * this.middle * this.inner;
  }

  /** Bytes from the first element to the i-th. */
  offset(i: i32): isize {
    const middle = i / this.inner;
    const outer = middle / this.middle;
    const elements =
      outer * this.outerStride +
      (middle - outer * this.middle) * this.middleStride +
      (i - middle * this.inner) * this.innerStride;
    return <isize>elements << 2;
  }
}

/**
 * Rows and columns of C = A^T B from the first up to the end, as said above; each number is the same however C is parted. `walks` is the address
 * of six walks of six int32 each: A along k and m, B along k and n, C along m and n.
 */
export function multiply(c: usize, a: usize, b: usize, walks: usize, scratch: usize, firstRow: i32, endRow: i32, firstColumn: i32, endColumn: i32): void {
  const walkBytes = offsetof<Walk>();
  const aK = changetype<Walk>(walks);
  const aM = changetype<Walk>(walks + walkBytes);
  const bK = changetype<Walk>(walks + 2 * walkBytes);
  const bN = changetype<Walk>(walks + 3 * walkBytes);
  const cM = changetype<Walk>(walks + 4 * walkBytes);
  const cN = changetype<Walk>(walks + 5 * walkBytes);
  const n = bN.size;
  const k = aK.size;
  const denseRows = cN.innerStride == 1 && cN.inner == n;
  const tile = scratch;
  const panelA = tile + ((TILE_M * TILE_N) << 2);
  const panelsB = panelA + ((BLOCK_K * TILE_M) << 2);
  for (let n0 = firstColumn; n0 < endColumn; n0 += BLOCK_N) {
    const n1 = min<i32>(endColumn, n0 + BLOCK_N);
    for (let k0 = 0; k0 < k; k0 += BLOCK_K) {
      const depth = min<i32>(BLOCK_K, k - k0);
      const panelBytes: usize = <usize>(depth * TILE_N) << 2;
      let to = panelsB;
      for (let j = n0; j < n1; j += TILE_N, to += panelBytes) {
        pack4(to, 32, b, bK, k0, depth, bN, j, n1 - j);
        pack4(to + 16, 32, b, bK, k0, depth, bN, j + 4, n1 - j - 4);
      }
      for (let i = firstRow; i < endRow; i += TILE_M) {
        pack4(panelA, 16, a, aK, k0, depth, aM, i, endRow - i);
        const height = min<i32>(TILE_M, endRow - i);
        const c0 = c + cM.offset(i);
        const c1 = height > 1 ? c + cM.offset(i + 1) : c0;
        const c2 = height > 2 ? c + cM.offset(i + 2) : c0;
        const c3 = height > 3 ? c + cM.offset(i + 3) : c0;
        let panelB = panelsB;
        for (let j = n0; j < n1; j += TILE_N, panelB += panelBytes) {
          if (denseRows && height == TILE_M && j + TILE_N <= n1) {
            const across = <usize>j << 2;
            multiplyPanels(c0 + across, c1 + across, c2 + across, c3 + across, panelA, panelB, depth, k0 > 0);
          } else {
            multiplyPanels(tile, tile + 32, tile + 64, tile + 96, panelA, panelB, depth, false);
            putTile(c0, c1, c2, c3, height, tile, cN, j, min<i32>(TILE_N, n1 - j), k0 > 0);
          }
        }
      }
    }
  }
}

/**
 * Lays elements j to j + 3 of a matrix side by side, for `depth` steps of k from k0 on; those beyond `valid` are zero.
 * `step` is the distance in bytes between packed rows.
 */
function pack4(dst: usize, step: usize, src: usize, k: Walk, k0: i32, depth: i32, kept: Walk, j: i32, valid: i32): void {
  if (valid <= 0) {
    for (let i = 0; i < depth; i++, dst += step) v128.store(dst, f32x4.splat(0));
    return;
  }
  const first = kept.offset(j);
  const second = valid > 1 ? kept.offset(j + 1) : first;
  const third = valid > 2 ? kept.offset(j + 2) : first;
  const fourth = valid > 3 ? kept.offset(j + 3) : first;
  const adjacent = second - first == 4 && third - first == 8 && fourth - first == 12;
  const along: isize = <isize>k.innerStride << 2;
  let inner = k0 % k.inner;
  let i = k0 - inner;
  let at = dst;
  for (let left = depth; left > 0; ) {
    const run = min<i32>(left, k.inner - inner);
    const from = src + k.offset(i + inner);
    if (adjacent) packAdjacent(at, step, from + first, run, along);
    else packApart(at, step, from + first, from + second, from + third, from + fourth, run, along);
    at += step * run;
    left -= run;
    i += k.inner;
    inner = 0;
  }
  if (valid < 4) clearBeyond(dst, step, depth, valid);
}

@inline
function packAdjacent(dst: usize, step: usize, src: usize, count: i32, along: isize): void {
  for (let i = 0; i < count; i++, dst += step, src += along) v128.store(dst, v128.load(src));
}

@inline
function packApart(dst: usize, step: usize, p: usize, q: usize, r: usize, s: usize, count: i32, along: isize): void {
  let i = 0;
  if (along == 4) {
    for (; i + 4 <= count; i += 4, dst += 4 * step) {
      const a = v128.load(p);
      const b = v128.load(q);
      const c = v128.load(r);
      const d = v128.load(s);
      const abLow = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
      const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
      const cdLow = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      v128.store(dst, v128.shuffle<i64>(abLow, cdLow, 0, 2));
      v128.store(dst + step, v128.shuffle<i64>(abLow, cdLow, 1, 3));
      v128.store(dst + 2 * step, v128.shuffle<i64>(abHigh, cdHigh, 0, 2));
      v128.store(dst + 3 * step, v128.shuffle<i64>(abHigh, cdHigh, 1, 3));
      p += 16;
      q += 16;
      r += 16;
      s += 16;
    }
  }
  for (; i < count; i++, dst += step) {
    store<u32>(dst, load<u32>(p));
    store<u32>(dst, load<u32>(q), 4);
    store<u32>(dst, load<u32>(r), 8);
    store<u32>(dst, load<u32>(s), 12);
    p += along;
    q += along;
    r += along;
    s += along;
  }
}

function clearBeyond(dst: usize, step: usize, depth: i32, valid: i32): void {
  for (let i = 0; i < depth; i++, dst += step) {
    for (let lane = valid; lane < 4; lane++) store<u32>(dst + (<usize>lane << 2), 0);
  }
}

/** Four rows of 8 of C: the sum over `depth` of a[k, 4] b[k, 8], or that added to what earlier blocks of k left there. */
function multiplyPanels(c0: usize, c1: usize, c2: usize, c3: usize, a: usize, b: usize, depth: i32, add: bool): void {
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
  putRow(c0, c00, c01, add);
  putRow(c1, c10, c11, add);
  putRow(c2, c20, c21, add);
  putRow(c3, c30, c31, add);
}

@inline
function putRow(c: usize, left: v128, right: v128, add: bool): void {
  v128.store(c, add ? f32x4.add(v128.load(c), left) : left);
  v128.store(c, add ? f32x4.add(v128.load(c, 16), right) : right, 16);
}

/** A tile at the edge of C, or one whose numbers do not lie side by side there. */
function putTile(
  c0: usize, c1: usize, c2: usize, c3: usize, height: i32, tile: usize, cN: Walk, j0: i32, width: i32, add: bool,
): void {
  for (let j = 0; j < width; j++, tile += 4) {
    const across = cN.offset(j0 + j);
    put(c0 + across, load<f32>(tile), add);
    if (height > 1) put(c1 + across, load<f32>(tile, 32), add);
    if (height > 2) put(c2 + across, load<f32>(tile, 64), add);
    if (height > 3) put(c3 + across, load<f32>(tile, 96), add);
  }
}

@inline
function put(c: usize, value: f32, add: bool): void {
  store<f32>(c, add ? load<f32>(c) + value : value);
}
