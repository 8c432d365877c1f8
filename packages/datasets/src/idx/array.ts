/** An array of bytes as a data file holds it. */
export interface ByteArray {
  readonly shape: readonly number[];
  /** Row-major; its length is the product of `shape`. */
  readonly data: Uint8Array;
}
