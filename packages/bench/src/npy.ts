/** An array of float32 as a NumPy file, format version 1.0 (numpy.lib.format): a header padded to 64 bytes, then the values. */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  const describe = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const preamble = 10; // magic, version and the header's length
  const headerLength = Math.ceil((preamble + describe.length + 1) / 64) * 64 - preamble;
  const bytes = new Uint8Array(preamble + headerLength + values.byteLength);
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0, headerLength & 255, headerLength >> 8]);
  bytes.set(Buffer.from(`${describe.padEnd(headerLength - 1)}\n`), preamble);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat32(preamble + headerLength + 4 * i, value, true));
  return bytes;
}
