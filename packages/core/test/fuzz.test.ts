import { describe, expect, it } from 'vitest';
import { type FuzzTarget, fuzz } from '../../../tools/fuzz.shared.js';
import { CheckpointError, DataError } from '../src/errors.js';
import { decodeNpy, encodeNpy } from '../src/npy.js';
import { decodeSafetensors, encodeSafetensors } from '../src/safetensors.js';

const values = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i));
const bytes = new Uint8Array(values.buffer);
const npy = encodeNpy(values, [3, 4, 5]);
const text = (array: Uint8Array, from: string, to: string): Uint8Array => Buffer.from(Buffer.from(array).toString('latin1').replace(from, to), 'latin1');

const targets: Record<string, FuzzTarget> = {
  npy: {
    intact: [npy, encodeNpy(values, [60]), text(npy, "'fortran_order': False", "'fortran_order': True "), text(text(npy, '<f4', '|u1'), '(3, 4, 5)', '(60, 4,) ')],
    parse: (file) => decodeNpy(file, 'file'),
    isRefusal: (error) => error instanceof DataError,
  },
  safetensors: {
    intact: [
      encodeSafetensors({ a: { dtype: 'F32', shape: [3, 20], data: bytes }, b: { dtype: 'U8', shape: [240], data: bytes } }, { note: 'x' }),
      encodeSafetensors({ scalar: { dtype: 'F64', shape: [], data: bytes.subarray(0, 8) } }),
      encodeSafetensors({}),
    ],
    parse: (file) => decodeSafetensors(file, 'file'),
    isRefusal: (error) => error instanceof CheckpointError,
  },
};

describe('damaged files', () => {
  it.each(Object.entries(targets))('%s: are read or refused, quickly and in little memory', { timeout: 3_600_000 }, async (name, target) => {
    const report = await fuzz(target);
    if (process.env.FUZZ_RUNS !== undefined) console.log(name, report);
    expect(report.refused).toBeGreaterThan(0.05);
    expect(report.slowest).toBeLessThan(1000);
    expect(report.growth).toBeLessThan(64); // MiB
  });
});
