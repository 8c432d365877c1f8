import { readFile } from 'node:fs/promises';
import { CheckpointError, type StepEvent } from '@ganzoo/core';
import { writeFileAtomic } from '@ganzoo/core/node';
import { costOf } from '../score.js';
import type { GridFile, LossPoint, ScorePoint, Seconds } from './result.js';

/** Points of the loss curve that a cell keeps. */
const CURVE_POINTS = 150;

/** What a cell remembers across an interruption beside its checkpoint. */
interface JournalData {
  losses: LossPoint[];
  scores: ScorePoint[];
  grids: GridFile[];
  realGrid: string | null;
  /** Milliseconds of every step. */
  stepTimes: number[];
  imagesShown: number;
  /** Those of the sessions before this one. */
  seconds: Seconds;
  peakRssBytes: number;
}

/**
 * The history of a cell up to now: curves, times, files. It is written before every checkpoint; what it has beyond the
 * checkpoint it is resumed with is cut off, so the two always agree.
 */
export class Journal {
  private window: { count: number; sums: Record<string, number> } = { count: 0, sums: {} };
  private readonly began = performance.now();
  private readonly windowSteps: number;
  /** Seconds of training and evaluation in earlier sessions. */
  private readonly countedBefore: number;

  private constructor(
    private readonly file: string,
    budget: number,
    private readonly data: JournalData,
  ) {
    this.windowSteps = Math.max(1, Math.ceil(budget / CURVE_POINTS));
    this.countedBefore = data.seconds.training + data.seconds.evaluation;
  }

  static create(file: string, budget: number): Journal {
    const seconds = { training: 0, evaluation: 0, other: 0 };
    return new Journal(file, budget, { losses: [], scores: [], grids: [], realGrid: null, stepTimes: [], imagesShown: 0, seconds, peakRssBytes: 0 });
  }

  /** @throws {CheckpointError} when the file is missing or damaged. */
  static async resume(file: string, budget: number, step: number): Promise<Journal> {
    let data: JournalData;
    try {
      data = JSON.parse(await readFile(file, 'utf8')) as JournalData;
    } catch (cause) {
      throw new CheckpointError(`The journal '${file}' cannot be read.`, { remedy: 'Delete the folder that it is in to begin this cell again.', cause });
    }
    const reached = (point: { readonly step: number }): boolean => point.step <= step;
    const { losses, scores, grids, stepTimes } = data;
    const cut = { losses: losses.filter(reached), scores: scores.filter(reached), grids: grids.filter(reached), stepTimes: stepTimes.slice(0, step) };
    return new Journal(file, budget, { ...data, ...cut });
  }

  get losses(): readonly LossPoint[] {
    return this.data.losses;
  }

  get scores(): readonly ScorePoint[] {
    return this.data.scores;
  }

  get grids(): readonly GridFile[] {
    return this.data.grids;
  }

  get stepTimes(): readonly number[] {
    return this.data.stepTimes;
  }

  /** Real images shown to the players. */
  get imagesShown(): number {
    return this.data.imagesShown;
  }

  get realGrid(): string | null {
    return this.data.realGrid;
  }

  set realGrid(file: string | null) {
    this.data.realGrid = file;
  }

  /** The evaluation whose first score is the best; of equals the earliest. */
  get best(): ScorePoint | undefined {
    let best: ScorePoint | undefined;
    for (const point of this.scores) if (best === undefined || costOf(point.scores[0]) < costOf(best.scores[0])) best = point;
    return best;
  }

  addStep({ step, losses, imagesShown, seconds }: Pick<StepEvent, 'step' | 'losses' | 'imagesShown' | 'seconds'>): void {
    const ms = seconds * 1000;
    this.data.stepTimes.push(Math.round(ms * 100) / 100);
    this.data.imagesShown = imagesShown;
    this.data.seconds = { ...this.data.seconds, training: this.data.seconds.training + seconds };
    const { sums } = this.window;
    for (const [name, value] of Object.entries(losses)) sums[name] = (sums[name] ?? 0) + value;
    this.window.count += 1;
    if (step % this.windowSteps !== 0) return;
    const { count } = this.window;
    this.data.losses.push({ step, losses: Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, Number((sum / count).toPrecision(6))])) });
    this.window = { count: 0, sums: {} };
  }

  addScores(point: ScorePoint): void {
    this.data.scores.push(point);
  }

  addGrid(grid: GridFile): void {
    this.data.grids.push(grid);
  }

  /** Runs `work` and counts its time as evaluation. */
  async evaluating<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.data.seconds = { ...this.data.seconds, evaluation: this.data.seconds.evaluation + (performance.now() - began) / 1000 };
    }
  }

  /** Of all sessions: training and evaluation as counted, `other` what remains of this session's time and the earlier others. */
  get seconds(): Seconds {
    const { training, evaluation, other } = this.data.seconds;
    const counted = training + evaluation - this.countedBefore;
    return { training, evaluation, other: other + Math.max(0, (performance.now() - this.began) / 1000 - counted) };
  }

  /** In bytes, the largest of all sessions, as of the last `save`. */
  get peakRssBytes(): number {
    return this.data.peakRssBytes;
  }

  async save(): Promise<void> {
    this.data.peakRssBytes = Math.max(this.data.peakRssBytes, process.resourceUsage().maxRSS * 1024);
    await writeFileAtomic(this.file, JSON.stringify({ ...this.data, seconds: this.seconds }));
  }
}
