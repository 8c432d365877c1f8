import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesOf, CheckpointError, decodeSafetensors, encodeSafetensors, Random, valuesOf } from '@ganzoo/core';
import { describe, expect, it } from 'vitest';

const TENSORS = {
  'b/weights': { dtype: 'F32', shape: [2, 3], data: bytesOf(new Float32Array([1, -2, 3.5, 0, 1e-30, 7])) },
  a: { dtype: 'I32', shape: [], data: bytesOf(new Int32Array([-5])) },
  empty: { dtype: 'F32', shape: [0, 4], data: new Uint8Array(0) },
} as const;

describe('a safetensors container', () => {
  it('gives back what was put in, and equal content gives equal bytes', () => {
    const bytes = encodeSafetensors(TENSORS, { note: 'hello' });
    const { tensors, metadata } = decodeSafetensors(bytes);
    expect(metadata).toEqual({ note: 'hello' });
    expect(tensors['b/weights']?.shape).toEqual([2, 3]);
    expect(valuesOf(tensors['b/weights']!)).toEqual(new Float32Array([1, -2, 3.5, 0, 1e-30, 7]));
    expect(valuesOf(tensors.a!)).toEqual(new Int32Array([-5]));
    expect(tensors.empty?.data).toHaveLength(0);
    const reordered = { empty: TENSORS.empty, a: TENSORS.a, 'b/weights': TENSORS['b/weights'] };
    expect(encodeSafetensors(reordered, { note: 'hello' })).toEqual(bytes);
  });

  it("is read by a reader written in Python from the format's description, and reads what that writes", () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'safetensors-'));
    writeFileSync(path.join(folder, 'ours.safetensors'), encodeSafetensors(TENSORS, { note: 'hello' }));
    const script = path.join(import.meta.dirname, 'reference', 'safetensors_format.py');
    const seen = execFileSync('python3', [script, path.join(folder, 'ours.safetensors'), path.join(folder, 'theirs.safetensors')], { encoding: 'utf8' });
    expect(JSON.parse(seen)).toEqual({ metadata: { note: 'hello' }, sum: 9.5, a: -5, starts_aligned: true });
    const { tensors, metadata } = decodeSafetensors(readFileSync(path.join(folder, 'theirs.safetensors')));
    expect(metadata).toEqual({ from: 'python' });
    expect(valuesOf(tensors.x!)).toEqual(new Float32Array([0.5, -4]));
  });

  it('refuses every truncation', () => {
    const bytes = encodeSafetensors(TENSORS);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length), 'x.safetensors'), `${length} bytes`).toThrow(CheckpointError);
    }
  });

  it('answers 20,000 mutated inputs with a container or a typed error, never anything else', () => {
    const whole = encodeSafetensors(TENSORS, { note: 'hello' });
    const random = Random.of('fuzz');
    const strays: unknown[] = [];
    for (let i = 0; i < 20_000; i++) {
      const bytes = whole.slice();
      for (let j = random.integerNumber(4); j >= 0; j--) bytes[random.integerNumber(bytes.length)] = random.integerNumber(256);
      try {
        decodeSafetensors(bytes);
      } catch (error) {
        if (!(error instanceof CheckpointError)) strays.push(error);
      }
    }
    expect(strays).toEqual([]);
  });

  it('names the file and the remedy', () => {
    expect(() => decodeSafetensors(new Uint8Array(3), 'runs/x.safetensors')).toThrow(/'?runs\/x\.safetensors'? is not a valid safetensors file/);
  });
});
