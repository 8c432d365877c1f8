import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DataError } from '@ganzoo/core';
import type { CellResult } from '../cell/result.js';
import { count } from '../format.js';
import { escape } from './escape.js';

/** Of what a judge draws. */
const MEDIA_TYPES: Readonly<Record<string, string>> = { '.png': 'image/png', '.svg': 'image/svg+xml' };

interface Frame {
  readonly step: number;
  readonly src: string;
}

/** The pictures of samples of cells on the same data: the HTML, and the frames that its script shows. */
export interface Films {
  readonly html: string;
  readonly frames: Readonly<Record<string, readonly Frame[]>>;
}

/**
 * Real images, and beside them every cell's samples from the same latents, with a slider over the steps.
 * @throws {DataError} when a picture is missing.
 */
export async function films(cells: readonly CellResult[], folder: string): Promise<Films> {
  const drawn = cells.filter(({ grids }) => grids.generated.length > 0);
  if (drawn.length === 0) return { html: '', frames: {} };
  const frames = Object.fromEntries(await Promise.all(drawn.map(async (cell) => [cell.id, await framesOf(cell, folder)] as const)));
  const steps = [...new Set(Object.values(frames).flatMap((film) => film.map(({ step }) => step)))].sort((one, other) => one - other);
  const real = drawn.find(({ grids }) => grids.real !== null)?.grids.real;
  const figures = drawn.map((cell) => {
    const last = frames[cell.id]?.at(-1);
    const title = `${cell.variant}, seed ${cell.seed}`;
    return figure(`<img data-frames="${escape(cell.id)}" src="${last?.src ?? ''}" alt="Samples of ${escape(title)}">`, title);
  });
  const realFigure = real ? figure(`<img src="${await dataUri(folder, real)}" alt="Real images">`, 'real images') : '';
  const html = `<div class="panel" data-films>
<label class="slider">Samples after <output>step ${count(steps.at(-1) ?? 0)}</output><input type="range" min="0" max="${steps.length - 1}" value="${steps.length - 1}" data-steps="${escape(JSON.stringify(steps))}"></label>
<div class="films">${realFigure}${figures.join('')}</div></div>`;
  return { html, frames };
}

function figure(image: string, caption: string): string {
  return `<figure>${image}<figcaption>${escape(caption)}</figcaption></figure>`;
}

async function framesOf({ grids }: CellResult, folder: string): Promise<Frame[]> {
  return Promise.all(grids.generated.map(async ({ step, file }) => ({ step, src: await dataUri(folder, file) })));
}

async function dataUri(folder: string, file: string): Promise<string> {
  try {
    return `data:${MEDIA_TYPES[path.extname(file)] ?? ''};base64,${(await readFile(path.join(folder, file))).toString('base64')}`;
  } catch (cause) {
    throw new DataError(`The picture '${path.join(folder, file)}' cannot be read.`, { remedy: 'Restore it from a copy, or delete the result of its cell and run the bench again.', cause });
  }
}
