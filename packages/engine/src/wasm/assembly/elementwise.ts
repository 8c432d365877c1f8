/** Element by element: arithmetic, activations, comparisons, choices, normalization. `count` numbers each; a step of 0 repeats one number. */

export const enum Arithmetic { Add, Subtract, Multiply, Divide }
export const enum Relation { Greater, GreaterEqual, Less, LessEqual, Equal, NotEqual }

@inline
function relate(relation: i32, a: v128, b: v128): v128 {
  switch (relation) {
    case Relation.Greater: return f32x4.gt(a, b);
    case Relation.GreaterEqual: return f32x4.ge(a, b);
    case Relation.Less: return f32x4.lt(a, b);
    case Relation.LessEqual: return f32x4.le(a, b);
    case Relation.Equal: return f32x4.eq(a, b);
    default: return f32x4.ne(a, b);
  }
}

/** Four numbers of an operand that advances by `step` (0 or 1) numbers. */
@inline
function operand(address: usize, step: i32): v128 {
  return step ? v128.load(address) : v128.load32_splat(address);
}

@inline
function compareWith(relation: i32, dst: usize, a: usize, b: usize, count: i32, stepA: i32, stepB: i32): void {
  const ones = i8x16.splat(1);
  const quarterA: usize = stepA << 4;
  const quarterB: usize = stepB << 4;
  let i = 0;
  for (; i + 16 <= count; i += 16, dst += 16, a += quarterA << 2, b += quarterB << 2) {
    const first = relate(relation, operand(a, stepA), operand(b, stepB));
    const second = relate(relation, operand(a + quarterA, stepA), operand(b + quarterB, stepB));
    const third = relate(relation, operand(a + 2 * quarterA, stepA), operand(b + 2 * quarterB, stepB));
    const fourth = relate(relation, operand(a + 3 * quarterA, stepA), operand(b + 3 * quarterB, stepB));
    const low = i16x8.narrow_i32x4_s(first, second);
    const high = i16x8.narrow_i32x4_s(third, fourth);
    v128.store(dst, v128.and(i8x16.narrow_i16x8_s(low, high), ones));
  }
  for (; i < count; i++, dst++, a += stepA << 2, b += stepB << 2) {
    store<u8>(dst, <u8>(i32x4.extract_lane(relate(relation, v128.load32_splat(a), v128.load32_splat(b)), 0) & 1));
  }
}

/** Booleans of one byte from two float32 operands. */
export function compare(relation: i32, dst: usize, a: usize, b: usize, count: i32, stepA: i32, stepB: i32): void {
  switch (relation) {
    case Relation.Greater: return compareWith(Relation.Greater, dst, a, b, count, stepA, stepB);
    case Relation.GreaterEqual: return compareWith(Relation.GreaterEqual, dst, a, b, count, stepA, stepB);
    case Relation.Less: return compareWith(Relation.Less, dst, a, b, count, stepA, stepB);
    case Relation.LessEqual: return compareWith(Relation.LessEqual, dst, a, b, count, stepA, stepB);
    case Relation.Equal: return compareWith(Relation.Equal, dst, a, b, count, stepA, stepB);
    default: return compareWith(Relation.NotEqual, dst, a, b, count, stepA, stepB);
  }
}

@inline
function arithmetic(operation: i32, a: v128, b: v128): v128 {
  switch (operation) {
    case Arithmetic.Add: return f32x4.add(a, b);
    case Arithmetic.Subtract: return f32x4.sub(a, b);
    case Arithmetic.Multiply: return f32x4.mul(a, b);
    default: return f32x4.div(a, b);
  }
}

@inline
function combineWith(operation: i32, dst: usize, a: usize, b: usize, rows: i32, columns: i32, stepA: i32, stepB: i32, rowA: i32, rowB: i32): void {
  for (let row = 0; row < rows; row++, a += rowA << 2, b += rowB << 2) {
    let left = a;
    let right = b;
    let i = 0;
    for (; i + 4 <= columns; i += 4, dst += 16, left += stepA << 4, right += stepB << 4) {
      v128.store(dst, arithmetic(operation, operand(left, stepA), operand(right, stepB)));
    }
    for (; i < columns; i++, dst += 4, left += stepA << 2, right += stepB << 2) {
      v128.store_lane<f32>(dst, arithmetic(operation, v128.load32_splat(left), v128.load32_splat(right)), 0);
    }
  }
}

/** dst = a ? b over rows of `columns` numbers. A step of 0 repeats one number, a row of 0 numbers repeats one row. */
export function combine(operation: i32, dst: usize, a: usize, b: usize, rows: i32, columns: i32, stepA: i32, stepB: i32, rowA: i32, rowB: i32): void {
  switch (operation) {
    case Arithmetic.Add: return combineWith(Arithmetic.Add, dst, a, b, rows, columns, stepA, stepB, rowA, rowB);
    case Arithmetic.Subtract: return combineWith(Arithmetic.Subtract, dst, a, b, rows, columns, stepA, stepB, rowA, rowB);
    case Arithmetic.Multiply: return combineWith(Arithmetic.Multiply, dst, a, b, rows, columns, stepA, stepB, rowA, rowB);
    default: return combineWith(Arithmetic.Divide, dst, a, b, rows, columns, stepA, stepB, rowA, rowB);
  }
}

/** float32 of booleans of one byte. */
export function floatsOfBytes(dst: usize, src: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4, dst += 16, src += 4) {
    v128.store(dst, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(src)))));
  }
  for (; i < count; i++, dst += 4, src++) store<f32>(dst, <f32>load<u8>(src));
}

/** Words of `whenTrue` where the condition's byte is not 0, else of `whenFalse`. */
export function select(dst: usize, condition: usize, whenTrue: usize, whenFalse: usize, count: i32): void {
  const zero = i32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4, dst += 16, condition += 4, whenTrue += 16, whenFalse += 16) {
    const bytes = v128.load32_zero(condition);
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
    v128.store(dst, v128.bitselect(v128.load(whenTrue), v128.load(whenFalse), i32x4.ne(words, zero)));
  }
  for (; i < count; i++, dst += 4, condition++, whenTrue += 4, whenFalse += 4) {
    store<u32>(dst, load<u32>(load<u8>(condition) ? whenTrue : whenFalse));
  }
}

export function maximum(dst: usize, a: usize, b: usize, count: i32, stepA: i32, stepB: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4, dst += 16, a += stepA << 4, b += stepB << 4) {
    v128.store(dst, f32x4.max(operand(a, stepA), operand(b, stepB)));
  }
  for (; i < count; i++, dst += 4, a += stepA << 2, b += stepB << 2) store<f32>(dst, max<f32>(load<f32>(a), load<f32>(b)));
}

export function minimum(dst: usize, a: usize, b: usize, count: i32, stepA: i32, stepB: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4, dst += 16, a += stepA << 4, b += stepB << 4) {
    v128.store(dst, f32x4.min(operand(a, stepA), operand(b, stepB)));
  }
  for (; i < count; i++, dst += 4, a += stepA << 2, b += stepB << 2) store<f32>(dst, min<f32>(load<f32>(a), load<f32>(b)));
}

export function leakyRelu(dst: usize, src: usize, alpha: f32, count: i32): void {
  const slopes = f32x4.splat(alpha);
  const zero = f32x4.splat(0);
  const end = dst + ((<usize>count) << 2);
  for (; dst + 16 <= end; dst += 16, src += 16) {
    const x = v128.load(src);
    v128.store(dst, v128.bitselect(f32x4.mul(x, slopes), x, f32x4.lt(x, zero)));
  }
  for (; dst < end; dst += 4, src += 4) {
    const x = load<f32>(src);
    store<f32>(dst, x < 0 ? x * alpha : x);
  }
}

export function squareRoot(dst: usize, src: usize, count: i32): void {
  const end = dst + ((<usize>count) << 2);
  for (; dst + 16 <= end; dst += 16, src += 16) v128.store(dst, f32x4.sqrt(v128.load(src)));
  for (; dst < end; dst += 4, src += 4) store<f32>(dst, sqrt<f32>(load<f32>(src)));
}

export function reciprocalSquareRoot(dst: usize, src: usize, count: i32): void {
  const one = f32x4.splat(1);
  const end = dst + ((<usize>count) << 2);
  for (; dst + 16 <= end; dst += 16, src += 16) v128.store(dst, f32x4.div(one, f32x4.sqrt(v128.load(src))));
  for (; dst < end; dst += 4, src += 4) store<f32>(dst, <f32>1 / sqrt<f32>(load<f32>(src)));
}

/** dst = (src - mean) * factor + offset, over rows of `channels` numbers. */
export function normalize(dst: usize, src: usize, mean: usize, factor: usize, offset: usize, rows: i32, channels: i32): void {
  const row: usize = (<usize>channels) << 2;
  for (let i = 0; i < rows; i++, dst += row, src += row) {
    let at: usize = 0;
    for (; at + 16 <= row; at += 16) {
      const centred = f32x4.sub(v128.load(src + at), v128.load(mean + at));
      v128.store(dst + at, f32x4.add(f32x4.mul(centred, v128.load(factor + at)), v128.load(offset + at)));
    }
    for (; at < row; at += 4) {
      store<f32>(dst + at, (load<f32>(src + at) - load<f32>(mean + at)) * load<f32>(factor + at) + load<f32>(offset + at));
    }
  }
}
