import { parentPort } from 'node:worker_threads';
import { GanzooError } from '@ganzoo/core';
import { readPixels, type WantedPixels } from './pixels.js';

/** A picture that the main thread wants, and what became of it. Plain data. */
export interface DecodeRequest {
  readonly id: number;
  readonly path: string;
  readonly wanted: WantedPixels;
}
export type DecodeAnswer = { readonly id: number } & ({ readonly pixels: Uint8Array } | { readonly error: { readonly message: string; readonly remedy: string } });

parentPort?.on('message', async ({ id, path, wanted }: DecodeRequest) => {
  try {
    const pixels = (await readPixels(path, wanted)).slice(); // of its own, so that it can be handed over
    parentPort?.postMessage({ id, pixels } satisfies DecodeAnswer, [pixels.buffer]);
  } catch (error) {
    const remedy = error instanceof GanzooError ? error.remedy : 'Report this as a bug.';
    parentPort?.postMessage({ id, error: { message: (error as Error).message, remedy } } satisfies DecodeAnswer, []);
  }
});
