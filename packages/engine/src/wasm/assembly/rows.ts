/** Rows that are picked, or added up, by index. */
import { addRow } from './patches';

/** dst[segments[i]] += src[i] for rows of `inner` numbers; rows of a negative segment are dropped. dst must be zero at first. */
export function addToSegments(dst: usize, src: usize, segments: usize, rows: i32, inner: i32, segmentCount: i32): void {
  const row: usize = (<usize>inner) << 2;
  for (let i = 0; i < rows; i++, src += row, segments += 4) {
    const segment = load<i32>(segments);
    if (segment >= 0 && segment < segmentCount) addRow(dst + row * segment, src, inner);
  }
}

/** dst[o, i, :] = src[o, indices[i], :]. Indices must lie in the source. */
export function gatherRows(dst: usize, src: usize, indices: usize, outer: i32, count: i32, sourceRows: i32, rowBytes: i32): void {
  for (let o = 0; o < outer; o++, src += <usize>sourceRows * rowBytes) {
    for (let i = 0; i < count; i++, dst += rowBytes) {
      memory.copy(dst, src + <usize>load<i32>(indices + ((<usize>i) << 2)) * rowBytes, rowBytes);
    }
  }
}
