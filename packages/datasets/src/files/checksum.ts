import { DataError } from '@ganzoo/core';
import { createHash } from 'node:crypto';

/** A published checksum: `{ kind: 'sha256', hex: '440fcabf…' }`. */
export interface Checksum {
  readonly kind: 'sha256' | 'md5';
  readonly hex: string;
}

/** The hexadecimal hash of bytes, of the kind that `checksum` is. */
export function hashLike(checksum: Checksum, bytes: Uint8Array): string {
  return createHash(checksum.kind).update(bytes).digest('hex');
}

/**
 * @param actual the file's hash, of the kind that `checksum` is
 * @throws {DataError} when it is another than the published one
 */
export function checkHash(checksum: Checksum, actual: string, file: string, remedy: string): void {
  if (actual === checksum.hex) return;
  throw new DataError(`${file} is not the published file: its ${checksum.kind} is ${actual} and not ${checksum.hex}.`, { remedy });
}
