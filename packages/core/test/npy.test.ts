import { DataError, decodeNpy, encodeNpy } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';

/** The file that numpy.save writes: the header padded with spaces to 128 bytes, a newline, the values. */
function file(header: string, hex: string): Uint8Array {
  return new Uint8Array([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0, ...Buffer.from(`${header.padEnd(117)}\n`), ...Buffer.from(hex, 'hex')]);
}

const header = (descr: string, fortran: boolean, shape = '(1, 2, 3)'): string => `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`;

/** NumPy 2.4.6: numpy.save of arange(6).reshape(1, 2, 3), as float divided by 8, in C and in Fortran order. */
const saved = [
  ['|u1', false, '000102030405'],
  ['|u1', true, '000301040205'],
  ['<i4', false, '000000000100000002000000030000000400000005000000'],
  ['<i4', true, '000000000300000001000000040000000200000005000000'],
  ['<f4', false, '000000000000003e0000803e0000c03e0000003f0000203f'],
  ['<f4', true, '000000000000c03e0000003e0000003f0000803e0000203f'],
  ['<f8', false, '0000000000000000000000000000c03f000000000000d03f000000000000d83f000000000000e03f000000000000e43f'],
  ['<f8', true, '0000000000000000000000000000d83f000000000000c03f000000000000e03f000000000000d03f000000000000e43f'],
] as const;

describe('decodeNpy', () => {
  it.each(saved)('reads %s, Fortran order %s', (descr, fortran, hex) => {
    const { shape, type, data } = decodeNpy(file(header(descr, fortran), hex), 'file');
    expect([shape, type]).toEqual([[1, 2, 3], descr.slice(1)]);
    expect([...data]).toEqual([0, 1, 2, 3, 4, 5].map((value) => (descr.includes('f') ? value / 8 : value)));
  });

  it('reads Fortran order with any number of axes', () => {
    const [a, b, c, d] = [2, 3, 4, 2];
    const columnMajor: number[] = [];
    for (let l = 0; l < d; l++) for (let k = 0; k < c; k++) for (let j = 0; j < b; j++) for (let i = 0; i < a; i++) columnMajor.push(i * b * c * d + j * c * d + k * d + l);
    const { data } = decodeNpy(file(header('|u1', true, '(2, 3, 4, 2)'), Buffer.from(columnMajor).toString('hex')), 'file');
    expect([...data]).toEqual(Array.from({ length: a * b * c * d }, (_, i) => i));
  });

  it('reads where the values are not aligned', () => {
    const bytes = new Uint8Array([7, ...file(header('<f8', false), saved[6][2])]).subarray(1);
    expect([...decodeNpy(bytes, 'file').data]).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625]);
  });

  it('reads what encodeNpy writes', () => {
    const values = Float32Array.of(1.5, -2, 3);
    expect(decodeNpy(encodeNpy(values, [3]), 'file')).toEqual({ shape: [3], type: 'f4', data: values });
    expect(decodeNpy(encodeNpy(values, [1, 3]), 'file').shape).toEqual([1, 3]);
  });

  it.each([
    ['another type', file(header('<f2', false), '0000'), /values of type '<f2'/],
    ['big-endian numbers', file(header('>f4', false), '00000000'), /values of type '>f4'/],
    ['objects', file(header('|O', false), '00'), /values of type '\|O'/],
    ['too few values', file(header('<f4', false), '00000000'), /truncated: it needs 152 bytes and has 132/],
    ['bytes behind the values', file(header('|u1', false), '00010203040506'), /1 bytes behind its 6 values/],
    ['a shape that no memory holds', file(header('|u1', false, '(99999999999, 99999999999)'), '00'), /header that cannot be read/],
    ['something else', Uint8Array.of(1, 2, 3), /not a NumPy array/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeNpy(bytes, 'file')).toThrow(DataError);
    expect(() => decodeNpy(bytes, 'file')).toThrow(message);
  });
});
