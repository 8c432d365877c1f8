/** Gradients of pooling. Images are [batch, height, width, channels]; the gradient must be zero at first. */
/** Spreads every output's gradient evenly over the inputs that were averaged; padding doesn't count. */
export function averagePoolGradient(
  dx: usize, dy: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const pixel: usize = (<usize>channels) << 2;
  for (let n = 0; n < batch; n++, dx += pixel * (height * width)) {
    for (let outY = 0; outY < outHeight; outY++) {
      const y0 = max<i32>(0, outY * strideY - top);
      const y1 = min<i32>(height, outY * strideY - top + filterHeight);
      for (let outX = 0; outX < outWidth; outX++, dy += pixel) {
        const x0 = max<i32>(0, outX * strideX - left);
        const x1 = min<i32>(width, outX * strideX - left + filterWidth);
        const share: f32 = <f32>1 / <f32>((y1 - y0) * (x1 - x0));
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) addScaledRow(dx + pixel * (y * width + x), dy, share, channels);
        }
      }
    }
  }
}

@inline
function addScaledRow(dst: usize, src: usize, factor: f32, count: i32): void {
  const factors = f32x4.splat(factor);
  const end = dst + ((<usize>count) << 2);
  for (; dst + 16 <= end; dst += 16, src += 16) {
    v128.store(dst, f32x4.add(v128.load(dst), f32x4.mul(v128.load(src), factors)));
  }
  for (; dst < end; dst += 4, src += 4) store<f32>(dst, load<f32>(dst) + load<f32>(src) * factor);
}

/** Gives every output's gradient to the first of the largest inputs in its window. */
export function maxPoolGradient(
  dx: usize, x: usize, dy: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, top: i32, left: i32,
): void {
  const pixel: usize = (<usize>channels) << 2;
  const image = pixel * (height * width);
  for (let n = 0; n < batch; n++, dx += image, x += image) {
    for (let outY = 0; outY < outHeight; outY++) {
      for (let outX = 0; outX < outWidth; outX++) {
        for (let channel = 0; channel < channels; channel++, dy += 4) {
          let best: usize = usize.MAX_VALUE;
          let largest: f32 = -Infinity;
          for (let i = 0; i < filterHeight; i++) {
            const y = outY * strideY - top + i * dilationY;
            if (y < 0 || y >= height) continue;
            for (let j = 0; j < filterWidth; j++) {
              const column = outX * strideX - left + j * dilationX;
              if (column < 0 || column >= width) continue;
              const at = pixel * (y * width + column) + ((<usize>channel) << 2);
              const value = load<f32>(x + at);
              if (value > largest || best == usize.MAX_VALUE) {
                largest = value;
                best = at;
              }
            }
          }
          if (best != usize.MAX_VALUE) store<f32>(dx + best, load<f32>(dx + best) + load<f32>(dy));
        }
      }
    }
  }
}
