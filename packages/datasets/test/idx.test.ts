import { DataError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { parseIdx } from '../src/idx/idx.js';
import { idxBytes } from './helpers/files.js';

const bytes = idxBytes([2, 1, 3], [1, 2, 3, 4, 5, 255]);
const parsing = (content: Uint8Array) => () => parseIdx(content, 'file');

describe('the IDX parser', () => {
  it('reads shape and data, of any rank', () => {
    expect(parseIdx(bytes, 'file')).toEqual({ shape: [2, 1, 3], data: Uint8Array.of(1, 2, 3, 4, 5, 255) });
    expect(parseIdx(idxBytes([4], [9, 8, 7, 6]), 'file')).toEqual({ shape: [4], data: Uint8Array.of(9, 8, 7, 6) });
    expect(parseIdx(idxBytes([0, 28, 28], []), 'file')).toEqual({ shape: [0, 28, 28], data: new Uint8Array(0) });
  });

  it('reads sizes as big-endian uint32', () => {
    expect(parseIdx(Uint8Array.from([0, 0, 8, 1, 0, 0, 1, 2, ...new Uint8Array(258)]), 'file').shape).toEqual([258]);
  });

  it('reads from within a larger buffer', () => {
    const within = Uint8Array.from([99, ...bytes]).subarray(1);
    expect(parseIdx(within, 'file').shape).toEqual([2, 1, 3]);
  });

  it('refuses a wrong magic', () => {
    expect(parsing(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]))).toThrow(DataError);
    expect(parsing(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0]))).toThrow('file is not an IDX file: it starts with the bytes 50 4b 03 04 and not with 00 00.');
  });

  it('refuses other types than uint8', () => {
    expect(parsing(idxBytes([1], [0, 0, 0, 0], { type: 0x0d }))).toThrow('IDX type 0x0d');
  });

  it('refuses a truncated header, in the magic and in the sizes', () => {
    expect(parsing(bytes.subarray(0, 0))).toThrow('its header needs 4 bytes and it has 0');
    expect(parsing(bytes.subarray(0, 3))).toThrow('its header needs 4 bytes and it has 3');
    expect(parsing(bytes.subarray(0, 15))).toThrow('its header needs 16 bytes and it has 15');
  });

  it('refuses truncated data and trailing bytes', () => {
    expect(parsing(bytes.subarray(0, 21))).toThrow('file is truncated: its data of 2 x 1 x 3 needs 22 bytes and it has 21.');
    expect(parsing(Uint8Array.from([...bytes, 0, 0]))).toThrow('file goes on for 2 bytes after its data of 2 x 1 x 3.');
  });

  it('refuses sizes that promise more than the file has, however large', () => {
    expect(parsing(Uint8Array.from([0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255]))).toThrow('truncated');
  });
});
