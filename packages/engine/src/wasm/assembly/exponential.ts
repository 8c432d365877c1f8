/** exp and tanh, four at a time, to about two units in the last place: S. L. Moshier, Cephes mathematical library (expf, tanhf). */

/** e^x: x = n ln 2 + r with |r| <= ln 2 / 2, a polynomial for e^r, and n into the exponent. */
@inline
function exponential4(x: v128): v128 {
  // Beyond these the result is infinite or zero all the same; both propagate NaN.
  x = f32x4.min(f32x4.max(x, f32x4.splat(-104)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  // 2^n as two factors, since n itself may exceed what an exponent holds.
  const power = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(power, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo4(half)), powerOfTwo4(i32x4.sub(power, half)));
}

@inline
function powerOfTwo4(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** 1 - 2 / (e^2x + 1) away from zero, an odd polynomial near it. */
@inline
function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const one = f32x4.splat(1);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(exponential4(f32x4.add(size, size)), one)));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  const z = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(-3.33332819422e-1));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), x), x);
  return v128.bitselect(near, signed, f32x4.lt(size, f32x4.splat(0.625)));
}

export function exponential(dst: usize, src: usize, count: i32): void {
  const end = dst + ((<usize>count) << 2);
  for (; dst + 16 <= end; dst += 16, src += 16) v128.store(dst, exponential4(v128.load(src)));
  for (; dst < end; dst += 4, src += 4) v128.store_lane<f32>(dst, exponential4(v128.load32_splat(src)), 0);
}

export function hyperbolicTangent(dst: usize, src: usize, count: i32): void {
  const end = dst + ((<usize>count) << 2);
  for (; dst + 16 <= end; dst += 16, src += 16) v128.store(dst, tanh4(v128.load(src)));
  for (; dst < end; dst += 4, src += 4) v128.store_lane<f32>(dst, tanh4(v128.load32_splat(src)), 0);
}
