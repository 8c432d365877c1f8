/** The adjoint of taking patches: what a convolution's input gradient is made of when the input has few channels. */

/** dst[i] += src[i] for `count` adjacent numbers. */
@inline
export function addRow(dst: usize, src: usize, count: i32): void {
  const end = dst + ((<usize>count) << 2);
  for (; dst + 16 <= end; dst += 16, src += 16) v128.store(dst, f32x4.add(v128.load(dst), v128.load(src)));
  for (; dst < end; dst += 4, src += 4) store<f32>(dst, load<f32>(dst) + load<f32>(src));
}

/**
 * Adds patches [batch, outHeight, outWidth, kernelHeight, kernelWidth, channels] where they were taken from:
 * images [batch, height, width, channels], padded by `top` rows and `left` columns. The images must be zero at first.
 */
export function addPatches(
  images: usize, patches: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  kernelHeight: i32, kernelWidth: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const patchRow = kernelWidth * channels;
  for (let n = 0; n < batch; n++, images += (<usize>(height * width * channels)) << 2) {
    for (let outY = 0; outY < outHeight; outY++) {
      for (let outX = 0; outX < outWidth; outX++) {
        const x = outX * strideX - left;
        const from = max<i32>(0, -x);
        const to = min<i32>(kernelWidth, width - x);
        const count = (to - from) * channels;
        for (let kernelY = 0; kernelY < kernelHeight; kernelY++, patches += (<usize>patchRow) << 2) {
          const y = outY * strideY - top + kernelY;
          if (y < 0 || y >= height || count <= 0) continue;
          const pixel = (y * width + x + from) * channels;
          addRow(images + ((<usize>pixel) << 2), patches + ((<usize>(from * channels)) << 2), count);
        }
      }
    }
  }
}

export function addWords(dst: usize, src: usize, count: i32): void {
  addRow(dst, src, count);
}
