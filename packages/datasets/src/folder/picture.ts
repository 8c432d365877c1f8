import { DataError } from '@ganzoo/core';
import { convertIndexedToRgb } from 'fast-png';
import jpeg from 'jpeg-js';
import { decodePng, isPng } from './png.js';

/** A picture as bytes. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** [height, width, channels], 0 .. 255 */
  readonly data: Uint8Array;
}

/**
 * Decodes a PNG or JPEG file, whichever its content is. Sixteen bits become eight; what is transparent is put on black;
 * JPEGs always have three channels.
 * @param name how errors call the file
 * @throws {DataError} when it is neither, or damaged
 */
export function decodePicture(bytes: Uint8Array, name: string): Picture {
  try {
    if (isPng(bytes)) return fromPng(bytes);
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return fromJpeg(bytes);
  } catch (cause) {
    throw new DataError(`${name} cannot be decoded: ${(cause as Error).message}.`, { remedy: 'Replace it, or take it out of the folder.', cause });
  }
  throw new DataError(`${name} is neither a PNG nor a JPEG file.`, { remedy: 'Convert it, or take it out of the folder.' });
}

function fromJpeg(bytes: Uint8Array): Picture {
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, formatAsRGBA: false, tolerantDecoding: false });
  return { width, height, channels: 3, data };
}

function fromPng(bytes: Uint8Array): Picture {
  const png = decodePng(bytes);
  const { width, height, depth, palette } = png;
  if (palette) return opaque({ width, height }, palette[0]?.length ?? 3, convertIndexedToRgb(png));
  if (depth < 8) {
    const levels = 2 ** depth;
    const greys = Array.from({ length: levels }, (_, level) => [Math.round((level * 255) / (levels - 1))]);
    return opaque({ width, height }, 1, convertIndexedToRgb({ ...png, palette: greys }));
  }
  const data = depth === 16 ? Uint8Array.from(png.data, (value) => Math.round(value / 257)) : Uint8Array.from(png.data);
  return opaque({ width, height }, png.channels, data);
}

/** @param channels 1, 3, or one more with alpha */
function opaque(size: Pick<Picture, 'width' | 'height'>, channels: number, data: Uint8Array): Picture {
  if (channels === 1 || channels === 3) return { ...size, channels, data };
  const colours = channels === 2 ? 1 : 3;
  const pixels = data.length / channels;
  const flat = new Uint8Array(pixels * colours);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const alpha = (data[pixel * channels + colours] as number) / 255;
    for (let c = 0; c < colours; c++) flat[pixel * colours + c] = Math.round((data[pixel * channels + c] as number) * alpha);
  }
  return { ...size, channels: colours, data: flat };
}
