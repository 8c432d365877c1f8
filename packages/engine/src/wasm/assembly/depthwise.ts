/**
 * Gradients of the depthwise convolution: x [batch, height, width, channels], filter [kh, kw, channels, multiplier],
 * dy [batch, outHeight, outWidth, channels * multiplier]. What is written must be zero at first.
 */

/** One tap's share, over all channels: dx += sum over the multiplier of dy * filter. */
@inline
function tapToInput(dx: usize, dy: usize, filter: usize, channels: i32, multiplier: i32): void {
  if (multiplier == 1) {
    const end = dx + ((<usize>channels) << 2);
    for (; dx + 16 <= end; dx += 16, dy += 16, filter += 16) {
      v128.store(dx, f32x4.add(v128.load(dx), f32x4.mul(v128.load(dy), v128.load(filter))));
    }
    for (; dx < end; dx += 4, dy += 4, filter += 4) store<f32>(dx, load<f32>(dx) + load<f32>(dy) * load<f32>(filter));
    return;
  }
  for (let c = 0; c < channels; c++, dx += 4) {
    let total: f32 = 0;
    for (let q = 0; q < multiplier; q++, dy += 4, filter += 4) total += load<f32>(dy) * load<f32>(filter);
    store<f32>(dx, load<f32>(dx) + total);
  }
}

/** One tap's share, over all channels: dw += x * dy. */
@inline
function tapToFilter(dw: usize, x: usize, dy: usize, channels: i32, multiplier: i32): void {
  if (multiplier == 1) {
    tapToInput(dw, dy, x, channels, 1);
    return;
  }
  for (let c = 0; c < channels; c++, x += 4) {
    const value = load<f32>(x);
    for (let q = 0; q < multiplier; q++, dw += 4, dy += 4) store<f32>(dw, load<f32>(dw) + value * load<f32>(dy));
  }
}

@inline
function forEachTap(
  toFilter: bool, image: usize, dy: usize, filter: usize,
  batch: i32, height: i32, width: i32, channels: i32, multiplier: i32, outHeight: i32, outWidth: i32,
  kernelHeight: i32, kernelWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, top: i32, left: i32,
): void {
  const pixel: usize = (<usize>channels) << 2;
  const outPixel = pixel * multiplier;
  for (let n = 0; n < batch; n++, image += pixel * (height * width)) {
    for (let outY = 0; outY < outHeight; outY++) {
      for (let outX = 0; outX < outWidth; outX++, dy += outPixel) {
        for (let i = 0; i < kernelHeight; i++) {
          const y = outY * strideY - top + i * dilationY;
          if (y < 0 || y >= height) continue;
          for (let j = 0; j < kernelWidth; j++) {
            const x = outX * strideX - left + j * dilationX;
            if (x < 0 || x >= width) continue;
            const tap = filter + outPixel * (i * kernelWidth + j);
            const at = image + pixel * (y * width + x);
            if (toFilter) tapToFilter(tap, at, dy, channels, multiplier);
            else tapToInput(at, dy, tap, channels, multiplier);
          }
        }
      }
    }
  }
}

export function depthwiseToInput(
  dx: usize, dy: usize, filter: usize,
  batch: i32, height: i32, width: i32, channels: i32, multiplier: i32, outHeight: i32, outWidth: i32,
  kernelHeight: i32, kernelWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, top: i32, left: i32,
): void {
  forEachTap(
    false, dx, dy, filter, batch, height, width, channels, multiplier, outHeight, outWidth,
    kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, top, left,
  );
}

export function depthwiseToFilter(
  dw: usize, dy: usize, x: usize,
  batch: i32, height: i32, width: i32, channels: i32, multiplier: i32, outHeight: i32, outWidth: i32,
  kernelHeight: i32, kernelWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, top: i32, left: i32,
): void {
  forEachTap(
    true, x, dy, dw, batch, height, width, channels, multiplier, outHeight, outWidth,
    kernelHeight, kernelWidth, strideY, strideX, dilationY, dilationX, top, left,
  );
}
