import { DataError } from '@ganzoo/core';
import { readBytes } from '../files/read-bytes.js';
import { fitSquare, withChannels } from './fit.js';
import { decodePicture, type Picture } from './picture.js';
import { decodeWebp, isWebp, webpSize } from './webp.js';

/** The shape in which a folder's pictures are wanted. Plain data: it goes to a worker. */
export interface WantedPixels {
  /** How errors call the data set. */
  readonly dataset: string;
  readonly shape: readonly [height: number, width: number, channels: 1 | 3];
  /** Whether the middle square is to be brought to that shape; else pictures must have it. */
  readonly fit: boolean;
  /** Whether colours may be made grey. */
  readonly mayLoseColours: boolean;
}

/** Shape of a picture as it is. @throws {DataError} when it cannot be decoded */
export function pictureShape(bytes: Uint8Array, name: string): readonly [height: number, width: number, channels: 1 | 3] {
  if (isWebp(bytes)) {
    const { width, height } = webpSize(bytes, name);
    return [height, width, 3];
  }
  const { width, height, channels } = decodePicture(bytes, name);
  return [height, width, channels];
}

/**
 * A picture's bytes, in the shape that is wanted.
 * @throws {DataError} when it cannot be read, or does not have it
 */
export async function readPixels(path: string, { dataset, shape, fit, mayLoseColours }: WantedPixels): Promise<Uint8Array> {
  const [height, width, channels] = shape;
  const bytes = await readBytes(path);
  let picture: Picture = isWebp(bytes) ? await decodeWebp(bytes, path) : decodePicture(bytes, path);
  if (fit) picture = fitSquare(picture, height);
  if (picture.height !== height || picture.width !== width) {
    throw new DataError(`${path} has ${picture.width} x ${picture.height} pixels, the first picture of '${dataset}' has ${width} x ${height}.`, {
      remedy: 'Give a size, to which the middle square of every picture is brought, or pictures of one size.',
    });
  }
  if (picture.channels > channels && !mayLoseColours) {
    throw new DataError(`${path} has colours, the first picture of '${dataset}' has none.`, { remedy: 'Ask for 3 channels, or for 1 to make all of them grey.' });
  }
  return withChannels(picture, channels).data;
}
