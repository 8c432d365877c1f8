import { DataError } from '@ganzoo/core';
import { Worker } from 'node:worker_threads';
import type { DecodeAnswer, DecodeRequest } from './decode-worker.js';
import { readPixels, type WantedPixels } from './pixels.js';

interface Waiting {
  readonly request: DecodeRequest;
  readonly resolve: (pixels: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Decodes pictures on a thread of its own, so that the next batch is made ready while the engine, which holds the main thread,
 * computes with this one. Where no such thread can be had, and where this runs from source (a thread cannot load TypeScript), the
 * main thread decodes.
 */
class Decoder {
  private worker: Worker | undefined;
  private broken = import.meta.url.endsWith('.ts');
  private count = 0;
  private readonly waiting = new Map<number, Waiting>();

  read(path: string, wanted: WantedPixels): Promise<Uint8Array> {
    if (this.broken) return readPixels(path, wanted);
    this.worker ??= this.start();
    const request = { id: this.count++, path, wanted };
    return new Promise((resolve, reject) => {
      this.waiting.set(request.id, { request, resolve, reject });
      this.worker?.ref(); // a process lives as long as it waits for a picture, and no longer
      this.worker?.postMessage(request);
    });
  }

  private start(): Worker {
    const worker = new Worker(new URL('./decode-worker.js', import.meta.url));
    worker.on('message', (answer: DecodeAnswer) => this.settle(answer));
    worker.on('error', () => this.giveUp());
    worker.unref();
    return worker;
  }

  private settle(answer: DecodeAnswer): void {
    const { resolve, reject } = this.waiting.get(answer.id) as Waiting;
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.worker?.unref();
    if ('pixels' in answer) resolve(answer.pixels);
    else reject(new DataError(answer.error.message, { remedy: answer.error.remedy }));
  }

  /** The thread did not start, or ended: what it has not answered is decoded here. */
  private giveUp(): void {
    this.broken = true;
    const left = [...this.waiting.values()];
    this.waiting.clear();
    for (const { request, resolve, reject } of left) readPixels(request.path, request.wanted).then(resolve, reject);
  }
}

export const decoder = new Decoder();
