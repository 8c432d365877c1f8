/** Side of MNIST's images and of those that come in its form, in pixels. */
export const NATIVE_SIDE = 28;

/** Byte 0 .. 255 -> float32 in [-1, 1]: x / 127.5 - 1. */
const VALUE_OF_BYTE = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);
/** Sixteenths of a byte -> float32 in [-1, 1], for weighted means whose weights are sixteenths. */
const VALUE_OF_SIXTEENTHS = Float32Array.from({ length: 255 * 16 + 1 }, (_, sum) => sum / (16 * 127.5) - 1);

/** Writes one image of bytes, [side, side, channels], as floats in [-1, 1] at `target[at ...]`, at some size. */
export type Placement = (image: Uint8Array, target: Float32Array, at: number) => void;

/** What makes the pictures of a size: a margin of background (0) in pixels, and whether the whole is enlarged twice. */
interface Fit {
  readonly margin: number;
  readonly doubled: boolean;
}

/** By the side of the published images, and by the size that is asked for. */
const fits: Readonly<Record<number, Readonly<Record<number, Fit>>>> = {
  28: { 28: { margin: 0, doubled: false }, 32: { margin: 2, doubled: false }, 64: { margin: 2, doubled: true } },
  32: { 32: { margin: 0, doubled: false }, 64: { margin: 0, doubled: true } },
};

/** Sizes to which published images can be brought; the first is their own. */
export function sizesOf(side: number): number[] {
  return Object.keys(fits[side] ?? {}).map(Number);
}

/** How images of a side and a number of channels are brought to a size, one of {@link sizesOf}. */
export function placement(side: number, channels: number, size: number): Placement {
  const fit = fits[side]?.[size];
  if (!fit) throw new TypeError(`Images of ${side} pixels do not come in ${size}.`);
  const { margin, doubled } = fit;
  if (doubled) return (image, target, at) => placeDoubled(image, target, at, { side, channels, margin });
  if (margin === 0) return placeNative;
  return (image, target, at) => placePadded(image, target, at, { side, channels, margin });
}

interface Layout {
  readonly side: number;
  readonly channels: number;
  readonly margin: number;
}

function placeNative(image: Uint8Array, target: Float32Array, at: number): void {
  for (let i = 0; i < image.length; i++) target[at + i] = VALUE_OF_BYTE[image[i] as number] as number;
}

/** The image in a margin of background. */
function placePadded(image: Uint8Array, target: Float32Array, at: number, { side, channels, margin }: Layout): void {
  const stride = (side + 2 * margin) * channels;
  target.fill(VALUE_OF_BYTE[0] as number, at, at + (side + 2 * margin) * stride);
  for (let row = 0; row < side; row++) {
    placeNative(image.subarray(row * side * channels, (row + 1) * side * channels), target, at + (row + margin) * stride + margin * channels);
  }
}

/**
 * The image in its margin, enlarged twice: bilinear with half-pixel centres (as PyTorch's `align_corners=False`).
 * Every new pixel is 9, 3, 3 and 1 sixteenths of its four nearest old ones: exact in integers.
 */
function placeDoubled(image: Uint8Array, target: Float32Array, at: number, layout: Layout): void {
  const { channels } = layout;
  const padded = layout.side + 2 * layout.margin;
  const size = 2 * padded;
  const stride = (padded + 2) * channels;
  const framed = frame(image, layout);
  for (let y = 0; y < size; y++) {
    const near = ((y >> 1) + 1) * stride + channels;
    const far = near + (y % 2 === 0 ? -stride : stride);
    for (let x = 0; x < size; x++) {
      const column = (x >> 1) * channels;
      const beside = column + (x % 2 === 0 ? -channels : channels);
      for (let c = 0; c < channels; c++) {
        const sixteenths =
          9 * (framed[near + column + c] as number) +
          3 * ((framed[near + beside + c] as number) + (framed[far + column + c] as number)) +
          (framed[far + beside + c] as number);
        target[at + (y * size + x) * channels + c] = VALUE_OF_SIXTEENTHS[sixteenths] as number;
      }
    }
  }
}

/** The image in its margin, and its outermost pixels once more around that, so that every pixel has neighbours. */
function frame(image: Uint8Array, { side, channels, margin }: Layout): Uint8Array {
  const border = margin + 1;
  const width = side + 2 * border;
  const framed = new Uint8Array(width * width * channels);
  for (let row = 0; row < side; row++) {
    framed.set(image.subarray(row * side * channels, (row + 1) * side * channels), ((row + border) * width + border) * channels);
  }
  if (margin === 0) repeatEdges(framed, width, channels); // with a margin, what lies outside is background as the edge is
  return framed;
}

function repeatEdges(framed: Uint8Array, width: number, channels: number): void {
  const stride = width * channels;
  for (let row = 1; row < width - 1; row++) {
    const start = row * stride;
    framed.copyWithin(start, start + channels, start + 2 * channels);
    framed.copyWithin(start + stride - channels, start + stride - 2 * channels, start + stride - channels);
  }
  framed.copyWithin(0, stride, 2 * stride);
  framed.copyWithin((width - 1) * stride, (width - 2) * stride, (width - 1) * stride);
}
