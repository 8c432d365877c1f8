import { DataError } from '@ganzoo/core';
import { readFile } from 'node:fs/promises';

/** @throws {DataError} when the file cannot be read */
export async function readBytes(file: string): Promise<Uint8Array> {
  return readFile(file).catch((cause: unknown) => {
    throw new DataError(`${file} cannot be read: ${(cause as Error).message}.`, { remedy: 'See to it that it is a file that you may read.', cause });
  });
}
