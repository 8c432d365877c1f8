/** Copies between strided views: the one movement that slices, flips, transposes, tiles and interleaves are made of. */

/** Rows shorter than this are copied inline: below it, the call behind `memory.copy` costs more than the copy. */
const LONG_ROW: usize = 512;

@inline
function copyRow(dst: usize, src: usize, bytes: usize): void {
  if (bytes >= LONG_ROW) {
    memory.copy(dst, src, bytes);
    return;
  }
  const end = dst + bytes;
  for (; dst + 16 <= end; dst += 16, src += 16) v128.store(dst, v128.load(src));
  for (; dst + 4 <= end; dst += 4, src += 4) store<u32>(dst, load<u32>(src));
  for (; dst < end; dst++, src++) store<u8>(dst, load<u8>(src));
}

/** dst[i * dstRow + j] = src[i + j * srcColumn], four by four: whole vectors are read and written on both sides. Strides in bytes. */
function transposeWords(dst: usize, src: usize, rows: i32, columns: i32, dstRow: isize, srcColumn: isize): void {
  let j = 0;
  for (; j + 4 <= columns; j += 4) {
    let from: usize = src + <isize>j * srcColumn;
    let to: usize = dst + (j << 2);
    let i = 0;
    for (; i + 4 <= rows; i += 4) {
      const a = v128.load(from);
      const b = v128.load(from + srcColumn);
      const c = v128.load(from + 2 * srcColumn);
      const d = v128.load(from + 3 * srcColumn);
      const abLow = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
      const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
      const cdLow = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
      const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<i64>(abLow, cdLow, 0, 2));
      v128.store(to + dstRow, v128.shuffle<i64>(abLow, cdLow, 1, 3));
      v128.store(to + 2 * dstRow, v128.shuffle<i64>(abHigh, cdHigh, 0, 2));
      v128.store(to + 3 * dstRow, v128.shuffle<i64>(abHigh, cdHigh, 1, 3));
      from += 16;
      to += 4 * dstRow;
    }
    for (; i < rows; i++) {
      store<u32>(to, load<u32>(from));
      store<u32>(to, load<u32>(from + srcColumn), 4);
      store<u32>(to, load<u32>(from + 2 * srcColumn), 8);
      store<u32>(to, load<u32>(from + 3 * srcColumn), 12);
      from += 4;
      to += dstRow;
    }
  }
  for (; j < columns; j++) {
    const from: usize = src + <isize>j * srcColumn;
    let to: usize = dst + (j << 2);
    for (let i = 0; i < rows; i++) {
      store<u32>(to, load<u32>(from + (i << 2)));
      to += dstRow;
    }
  }
}

@inline
function copy<T>(
  dst: usize, src: usize,
  n0: i32, n1: i32, n2: i32, n3: i32,
  d0: isize, d1: isize, d2: isize, d3: isize,
  s0: isize, s1: isize, s2: isize, s3: isize,
): void {
  const rows = d3 == 1 && s3 == 1;
  const transposed = sizeof<T>() == 4 && !rows && d3 == 1 && s2 == 1;
  const bytes: usize = n3 * sizeof<T>();
  d0 *= sizeof<T>(); d1 *= sizeof<T>(); d2 *= sizeof<T>(); d3 *= sizeof<T>();
  s0 *= sizeof<T>(); s1 *= sizeof<T>(); s2 *= sizeof<T>(); s3 *= sizeof<T>();
  for (let i0 = 0; i0 < n0; i0++) {
    let to1 = dst + <isize>i0 * d0;
    let from1 = src + <isize>i0 * s0;
    for (let i1 = 0; i1 < n1; i1++, to1 += d1, from1 += s1) {
      if (transposed) {
        transposeWords(to1, from1, n2, n3, d2, s3);
        continue;
      }
      let to2 = to1;
      let from2 = from1;
      for (let i2 = 0; i2 < n2; i2++, to2 += d2, from2 += s2) {
        if (rows) {
          copyRow(to2, from2, bytes);
          continue;
        }
        let to3 = to2;
        let from3 = from2;
        for (let i3 = 0; i3 < n3; i3++, to3 += d3, from3 += s3) store<T>(to3, load<T>(from3));
      }
    }
  }
}

/** Copies a view of rank 4 of float32 or int32 elements. A source stride of 0 repeats, a negative one runs backwards. */
export function copyWords(
  dst: usize, src: usize,
  n0: i32, n1: i32, n2: i32, n3: i32,
  d0: i32, d1: i32, d2: i32, d3: i32,
  s0: i32, s1: i32, s2: i32, s3: i32,
): void {
  copy<u32>(dst, src, n0, n1, n2, n3, d0, d1, d2, d3, s0, s1, s2, s3);
}

/** The same for booleans, which take a byte. */
export function copyBytes(
  dst: usize, src: usize,
  n0: i32, n1: i32, n2: i32, n3: i32,
  d0: i32, d1: i32, d2: i32, d3: i32,
  s0: i32, s1: i32, s2: i32, s3: i32,
): void {
  copy<u8>(dst, src, n0, n1, n2, n3, d0, d1, d2, d3, s0, s1, s2, s3);
}

export function fillWords(dst: usize, value: f32, count: i32): void {
  const four = f32x4.splat(value);
  const end = dst + ((<usize>count) << 2);
  for (; dst + 16 <= end; dst += 16) v128.store(dst, four);
  for (; dst < end; dst += 4) store<f32>(dst, value);
}
