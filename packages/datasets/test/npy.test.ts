import { DataError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { parseNpy } from '../src/idx/npy.js';
import { npyBytes } from './helpers/files.js';

const bytes = npyBytes([2, 3], [1, 2, 3, 4, 5, 6]);

describe('the NPY parser', () => {
  it('reads shape and data, with one axis or several', () => {
    expect(parseNpy(bytes, 'file')).toEqual({ shape: [2, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    expect(parseNpy(npyBytes([2], [7, 8]), 'file')).toEqual({ shape: [2], data: Uint8Array.of(7, 8) });
  });

  it('refuses what is not NPY, not uint8, not in C order, or not readable', () => {
    expect(() => parseNpy(Uint8Array.of(1, 2, 3), 'file')).toThrow(DataError);
    expect(() => parseNpy(Uint8Array.of(1, 2, 3), 'file')).toThrow('file is not a NumPy array');
    expect(() => parseNpy(npyBytes([1], [0, 0, 0, 0], { type: '<f4' }), 'file')).toThrow("file holds '<f4' in C order");
    expect(() => parseNpy(npyBytes([1], [0], { fortran: 'True' }), 'file')).toThrow('in Fortran order');
    expect(() => parseNpy(npyBytes([1], [0], { fortran: 'Maybe' }), 'file')).toThrow('header that cannot be read');
  });

  it('refuses a truncated header and truncated data', () => {
    expect(() => parseNpy(bytes.subarray(0, 8), 'file')).toThrow('file is truncated: it needs 10 bytes and has 8.');
    expect(() => parseNpy(bytes.subarray(0, 100), 'file')).toThrow('file is truncated: it needs 128 bytes and has 100.');
    expect(() => parseNpy(bytes.subarray(0, bytes.length - 1), 'file')).toThrow('truncated');
  });
});
