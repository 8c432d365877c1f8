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
