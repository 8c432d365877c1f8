import { DataError } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';
import { fuzz } from '../../../tools/fuzz.shared.js';
import { readStateDictionary } from '../src/torch-file.js';

/** Files by PyTorch 2.15, `torch.save(value, file, _use_new_zipfile_serialization=False)`. */
const files = {
  // OrderedDict(matrix=[[1.5, -2, 3], [4, 5, 6.25]], count=7 (int64), head=base[:2], tail=base[2:].view(2, 2)) with base = arange(6.), and the _metadata of a module
  state: 'gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9cQAoWBAAAABwcm90b2NvbF92ZXJzaW9ucQFN6QNYDQAAAGxpdHRsZV9lbmRpYW5xAohYCgAAAHR5cGVfc2l6ZXNxA31xBChYBQAAAHNob3J0cQVLAlgDAAAAaW50cQZLBFgEAAAAbG9uZ3EHSwR1dS6AAmNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxAClScQEoWAYAAABtYXRyaXhxAmN0b3JjaC5fdXRpbHMKX3JlYnVpbGRfdGVuc29yX3YyCnEDKChYBwAAAHN0b3JhZ2VxBGN0b3JjaApGbG9hdFN0b3JhZ2UKcQVYDgAAADk0Njk1OTg0MDYxOTg0cQZYAwAAAGNwdXEHSwZOdHEIUUsASwJLA4ZxCUsDSwGGcQqJaAApUnELdHEMUnENWAUAAABjb3VudHEOaAMoKGgEY3RvcmNoCkxvbmdTdG9yYWdlCnEPWA4AAAA5NDY5NjEwMDY2MDk3NnEQaAdLAU50cRFRSwApKYloAClScRJ0cRNScRRYBAAAAGhlYWRxFWgDKChoBGgFWA4AAAA5NDY5NjEwMDY2MjI3MnEWaAdLBk50cRdRSwBLAoVxGEsBhXEZiWgAKVJxGnRxG1JxHFgEAAAAdGFpbHEdaAMoKGgEaAVYDgAAADk0Njk2MTAwNjYyMjcycR5oB0sGTnRxH1FLAksCSwKGcSBLAksBhnEhiWgAKVJxInRxI1JxJHV9cSVYCQAAAF9tZXRhZGF0YXEmaAApUnEnWAAAAABxKH1xKVgHAAAAdmVyc2lvbnEqSwFzc3NiLoACXXEAKFgOAAAAOTQ2OTU5ODQwNjE5ODRxAVgOAAAAOTQ2OTYxMDA2NjA5NzZxAlgOAAAAOTQ2OTYxMDA2NjIyNzJxA2UuBgAAAAAAAAAAAMA/AAAAwAAAQEAAAIBAAACgQAAAyEABAAAAAAAAAAcAAAAAAAAABgAAAAAAAAAAAAAAAACAPwAAAEAAAEBAAACAQAAAoEA=',
  // { t: ones(2, 3).t() }
  transposed: 'gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9cQAoWBAAAABwcm90b2NvbF92ZXJzaW9ucQFN6QNYDQAAAGxpdHRsZV9lbmRpYW5xAohYCgAAAHR5cGVfc2l6ZXNxA31xBChYBQAAAHNob3J0cQVLAlgDAAAAaW50cQZLBFgEAAAAbG9uZ3EHSwR1dS6AAn1xAFgBAAAAdHEBY3RvcmNoLl91dGlscwpfcmVidWlsZF90ZW5zb3JfdjIKcQIoKFgHAAAAc3RvcmFnZXEDY3RvcmNoCkZsb2F0U3RvcmFnZQpxBFgOAAAAOTQ2OTU5ODQyMTYxOTJxBVgDAAAAY3B1cQZLBk50cQdRSwBLA0sChnEISwFLA4ZxCYljY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQopUnELdHEMUnENcy6AAl1xAFgOAAAAOTQ2OTU5ODQyMTYxOTJxAWEuBgAAAAAAAAAAAIA/AACAPwAAgD8AAIA/AACAPwAAgD8=',
  // { h: ones(2, dtype=float16) }
  half: 'gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9cQAoWBAAAABwcm90b2NvbF92ZXJzaW9ucQFN6QNYDQAAAGxpdHRsZV9lbmRpYW5xAohYCgAAAHR5cGVfc2l6ZXNxA31xBChYBQAAAHNob3J0cQVLAlgDAAAAaW50cQZLBFgEAAAAbG9uZ3EHSwR1dS6AAn1xAFgBAAAAaHEBY3RvcmNoLl91dGlscwpfcmVidWlsZF90ZW5zb3JfdjIKcQIoKFgHAAAAc3RvcmFnZXEDY3RvcmNoCkhhbGZTdG9yYWdlCnEEWA4AAAA5NDY5NTk4NDIxNjE5MnEFWAMAAABjcHVxBksCTnRxB1FLAEsChXEISwGFcQmJY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CnEKKVJxC3RxDFJxDXMugAJdcQBYDgAAADk0Njk1OTg0MjE2MTkycQFhLgIAAAAAAAAAADwAPA==',
  // { x: fractions.Fraction(1, 2) }
  code: 'gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9cQAoWBAAAABwcm90b2NvbF92ZXJzaW9ucQFN6QNYDQAAAGxpdHRsZV9lbmRpYW5xAohYCgAAAHR5cGVfc2l6ZXNxA31xBChYBQAAAHNob3J0cQVLAlgDAAAAaW50cQZLBFgEAAAAbG9uZ3EHSwR1dS6AAn1xAFgBAAAAeHEBY2ZyYWN0aW9ucwpGcmFjdGlvbgpxAksBSwKGcQNScQRzLoACXXEALg==',
};
const bytesOf = (name: keyof typeof files): Uint8Array => Buffer.from(files[name], 'base64');

describe("a file of weights of PyTorch's", () => {
  it('gives the float32 tensors, also those that share a storage', () => {
    const state = readStateDictionary(bytesOf('state'), 'state.pth');
    expect(Object.fromEntries(Object.entries(state).map(([name, { shape, values }]) => [name, [shape, [...values]]]))).toEqual({
      matrix: [[2, 3], [1.5, -2, 3, 4, 5, 6.25]],
      head: [[2], [0, 1]],
      tail: [[2, 2], [2, 3, 4, 5]],
    });
  });

  it.each([
    ['transposed', /t.pth is damaged, or no state dictionary: 't' does not lie in one piece/],
    ['half', /it holds tensors of a HalfStorage/],
    ['code', /it refers to fractions.Fraction/],
  ] as const)('is refused when it is %s', (name, message) => {
    expect(() => readStateDictionary(bytesOf(name), 't.pth')).toThrow(message);
  });

  it('is refused when it is something else, zipped, or cut off', () => {
    expect(() => readStateDictionary(Buffer.from('weights'), 't.pth')).toThrow('t.pth was not saved by PyTorch.');
    expect(() => readStateDictionary(Buffer.from('PK\u0003\u0004'), 't.pth')).toThrow("t.pth is in PyTorch's newer, zipped format.");
    const state = bytesOf('state');
    expect(() => readStateDictionary(state.subarray(0, state.length - 1), 't.pth')).toThrow('it ends too early');
    expect(() => readStateDictionary(state.subarray(0, 100), 't.pth')).toThrow(DataError);
  });

  it('that is damaged is read or refused, and nothing else', { timeout: 3_600_000 }, async () => {
    const intact = [bytesOf('state'), bytesOf('transposed')];
    const report = await fuzz({ intact, parse: (bytes) => readStateDictionary(bytes, 't.pth'), isRefusal: (error) => error instanceof DataError });
    if (process.env.FUZZ_RUNS !== undefined) console.log('torch', report);
    expect(report.refused).toBeGreaterThan(0.5);
    expect(report.slowest).toBeLessThan(1000);
    expect(report.growth).toBeLessThan(64); // MiB
  });
});
