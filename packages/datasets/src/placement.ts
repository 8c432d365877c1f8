/** Side of the published images, in pixels. */
export const NATIVE_SIDE = 28;
const MARGIN = 2;
const PADDED_SIDE = NATIVE_SIDE + 2 * MARGIN;
const FRAMED_SIDE = PADDED_SIDE + 2;
const BACKGROUND = -1;

/** Byte 0 .. 255 -> float32 in [-1, 1]: x / 127.5 - 1. */
const VALUE_OF_BYTE = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);
/** Sixteenths of a byte -> float32 in [-1, 1], for weighted means whose weights are sixteenths. */
const VALUE_OF_SIXTEENTHS = Float32Array.from({ length: 255 * 16 + 1 }, (_, sum) => sum / (16 * 127.5) - 1);

/** Writes one 28x28 image of bytes as floats in [-1, 1] at `target[at ...]`, at some size. */
export type Placement = (image: Uint8Array, target: Float32Array, at: number) => void;

/** How an image is brought to each size, by its side in pixels. */
export const placements: Readonly<Record<number, Placement>> = { 28: placeNative, 32: placePadded, 64: placeDoubled };

function placeNative(image: Uint8Array, target: Float32Array, at: number): void {
  for (let i = 0; i < image.length; i++) target[at + i] = VALUE_OF_BYTE[image[i] as number] as number;
}

/** 32x32: the image in a margin of background. */
function placePadded(image: Uint8Array, target: Float32Array, at: number): void {
  target.fill(BACKGROUND, at, at + PADDED_SIDE * PADDED_SIDE);
  for (let row = 0; row < NATIVE_SIDE; row++) {
    const to = at + (row + MARGIN) * PADDED_SIDE + MARGIN;
    const from = row * NATIVE_SIDE;
    for (let column = 0; column < NATIVE_SIDE; column++) {
      target[to + column] = VALUE_OF_BYTE[image[from + column] as number] as number;
    }
  }
}

/**
 * 64x64: the 32x32 image enlarged twice, bilinear with half-pixel centres (as PyTorch's `align_corners=False`).
 * Every new pixel is 9, 3, 3 and 1 sixteenths of its four nearest old ones: exact in integers.
 */
function placeDoubled(image: Uint8Array, target: Float32Array, at: number): void {
  const side = 2 * PADDED_SIDE;
  const framed = frame(image);
  for (let y = 0; y < side; y++) {
    const near = ((y >> 1) + 1) * FRAMED_SIDE + 1;
    const far = near + (y % 2 === 0 ? -FRAMED_SIDE : FRAMED_SIDE);
    for (let x = 0; x < side; x++) {
      const column = x >> 1;
      const beside = column + (x % 2 === 0 ? -1 : 1);
      const sixteenths =
        9 * (framed[near + column] as number) +
        3 * ((framed[near + beside] as number) + (framed[far + column] as number)) +
        (framed[far + beside] as number);
      target[at + y * side + x] = VALUE_OF_SIXTEENTHS[sixteenths] as number;
    }
  }
}

/** The 32x32 image with one more pixel of background around it, so that every pixel has neighbours. */
function frame(image: Uint8Array): Uint8Array {
  const framed = new Uint8Array(FRAMED_SIDE * FRAMED_SIDE);
  for (let row = 0; row < NATIVE_SIDE; row++) {
    framed.set(image.subarray(row * NATIVE_SIDE, (row + 1) * NATIVE_SIDE), (row + MARGIN + 1) * FRAMED_SIDE + MARGIN + 1);
  }
  return framed;
}
