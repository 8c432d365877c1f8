/** Reductions of [outer, middle, inner] over the middle axis. Any set of axes is one or several of these. */

const SUM = 0;
const MAX = 1;
const MIN = 2;

/** Blocks of this many rows are joined in single precision, the blocks in double: sums keep their digits whatever their length. */
const BLOCK = 64;

@inline
function join4(operation: i32, a: v128, b: v128): v128 {
  return operation == SUM ? f32x4.add(a, b) : operation == MAX ? f32x4.max(a, b) : f32x4.min(a, b);
}

@inline
function join2(operation: i32, a: v128, b: v128): v128 {
  return operation == SUM ? f64x2.add(a, b) : operation == MAX ? f64x2.max(a, b) : f64x2.min(a, b);
}

@inline
function join1(operation: i32, a: f64, b: f64): f64 {
  return operation == SUM ? a + b : operation == MAX ? max<f64>(a, b) : min<f64>(a, b);
}

@inline
function neutral(operation: i32): f64 {
  return operation == SUM ? 0 : operation == MAX ? -Infinity : Infinity;
}

@inline
function joinLanes(operation: i32, v: v128): f64 {
  return join1(
    operation,
    join1(operation, f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    join1(operation, f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** Reduces `count` adjacent numbers. */
@inline
function reduceRun(operation: i32, src: usize, count: i32): f32 {
  const end = src + ((<usize>count) << 2);
  let total = neutral(operation);
  while (src + 16 <= end) {
    const blockEnd = min<usize>(end, src + 64 * BLOCK);
    let a = f32x4.splat(<f32>neutral(operation));
    let b = a;
    let c = a;
    let d = a;
    for (; src + 64 <= blockEnd; src += 64) {
      a = join4(operation, a, v128.load(src));
      b = join4(operation, b, v128.load(src, 16));
      c = join4(operation, c, v128.load(src, 32));
      d = join4(operation, d, v128.load(src, 48));
    }
    for (; src + 16 <= blockEnd; src += 16) a = join4(operation, a, v128.load(src));
    const block = join4(operation, join4(operation, a, b), join4(operation, c, d));
    total = join1(operation, total, joinLanes(operation, block));
  }
  for (; src < end; src += 4) total = join1(operation, total, load<f32>(src));
  return <f32>total;
}

/** Reduces 16 adjacent columns, a line of the cache, down `rows` rows that are `stride` bytes apart. */
@inline
function reduceColumns16(operation: i32, dst: usize, src: usize, rows: i32, stride: usize): void {
  let a = f64x2.splat(neutral(operation));
  let b = a;
  let c = a;
  let d = a;
  let e = a;
  let f = a;
  let g = a;
  let h = a;
  for (let row = 0; row < rows; ) {
    const blockEnd = min<i32>(rows, row + BLOCK);
    let p = f32x4.splat(<f32>neutral(operation));
    let q = p;
    let r = p;
    let s = p;
    for (; row < blockEnd; row++, src += stride) {
      p = join4(operation, p, v128.load(src));
      q = join4(operation, q, v128.load(src, 16));
      r = join4(operation, r, v128.load(src, 32));
      s = join4(operation, s, v128.load(src, 48));
    }
    a = join2(operation, a, f64x2.promote_low_f32x4(p));
    b = join2(operation, b, f64x2.promote_low_f32x4(upper(p)));
    c = join2(operation, c, f64x2.promote_low_f32x4(q));
    d = join2(operation, d, f64x2.promote_low_f32x4(upper(q)));
    e = join2(operation, e, f64x2.promote_low_f32x4(r));
    f = join2(operation, f, f64x2.promote_low_f32x4(upper(r)));
    g = join2(operation, g, f64x2.promote_low_f32x4(s));
    h = join2(operation, h, f64x2.promote_low_f32x4(upper(s)));
  }
  v128.store(dst, floats(a, b));
  v128.store(dst, floats(c, d), 16);
  v128.store(dst, floats(e, f), 32);
  v128.store(dst, floats(g, h), 48);
}

/** The same for four columns. */
@inline
function reduceColumns4(operation: i32, dst: usize, src: usize, rows: i32, stride: usize): void {
  let a = f64x2.splat(neutral(operation));
  let b = a;
  for (let row = 0; row < rows; ) {
    const blockEnd = min<i32>(rows, row + BLOCK);
    let p = f32x4.splat(<f32>neutral(operation));
    for (; row < blockEnd; row++, src += stride) p = join4(operation, p, v128.load(src));
    a = join2(operation, a, f64x2.promote_low_f32x4(p));
    b = join2(operation, b, f64x2.promote_low_f32x4(upper(p)));
  }
  v128.store(dst, floats(a, b));
}

/** Four float32 of two and two float64. */
@inline
function floats(low: v128, high: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

@inline
function upper(v: v128): v128 {
  return v128.shuffle<i64>(v, v, 1, 1);
}

@inline
function reduceColumn(operation: i32, src: usize, rows: i32, stride: usize): f32 {
  let total = neutral(operation);
  for (let row = 0; row < rows; row++, src += stride) total = join1(operation, total, load<f32>(src));
  return <f32>total;
}

@inline
function reduceMiddle(operation: i32, dst: usize, src: usize, outer: i32, middle: i32, inner: i32, first: i32, last: i32): void {
  const stride: usize = (<usize>inner) << 2;
  const end: usize = (<usize>last) << 2;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      store<f32>(dst, reduceRun(operation, src, middle));
    } else {
      let column: usize = (<usize>first) << 2;
      for (; column + 64 <= end; column += 64) reduceColumns16(operation, dst + column, src + column, middle, stride);
      for (; column + 16 <= end; column += 16) reduceColumns4(operation, dst + column, src + column, middle, stride);
      for (; column < end; column += 4) store<f32>(dst + column, reduceColumn(operation, src + column, middle, stride));
    }
    dst += stride;
    src += stride * middle;
  }
}

/** Of the inner columns those from `first` to before `last`, a multiple of 16 or all that are left: others do the rest. */
export function sumMiddle(dst: usize, src: usize, outer: i32, middle: i32, inner: i32, first: i32, last: i32): void {
  reduceMiddle(SUM, dst, src, outer, middle, inner, first, last);
}

export function maxMiddle(dst: usize, src: usize, outer: i32, middle: i32, inner: i32, first: i32, last: i32): void {
  reduceMiddle(MAX, dst, src, outer, middle, inner, first, last);
}

export function minMiddle(dst: usize, src: usize, outer: i32, middle: i32, inner: i32, first: i32, last: i32): void {
  reduceMiddle(MIN, dst, src, outer, middle, inner, first, last);
}

/** Multiplies numbers in place. */
export function scaleWords(dst: usize, factor: f32, count: i32): void {
  const four = f32x4.splat(factor);
  const end = dst + ((<usize>count) << 2);
  for (; dst + 16 <= end; dst += 16) v128.store(dst, f32x4.mul(v128.load(dst), four));
  for (; dst < end; dst += 4) store<f32>(dst, load<f32>(dst) * factor);
}
