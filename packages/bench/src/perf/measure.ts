import { type Callback, type Dataset, type Engine, type GpuMeter, type Tracer, Trainer } from '@ganzoo/core';
import { countWork, type Work } from '@ganzoo/engine';
import { type CellJob, loadCell } from '../cell/job.js';
import { median } from '../statistics.js';
import { Ceilings } from './ceilings.js';

/** How one variant runs on one engine. Plain data. */
export interface Performance {
  readonly variant: string;
  readonly data: string;
  readonly shape: readonly number[];
  readonly engine: string;
  readonly device: string;
  /** Operation by operation. */
  readonly eager: StepTimes;
  /** Moves as one call; null where the engine cannot. */
  readonly traced: StepTimes | null;
  /** What was not traced as one call after all, and why, see `Trainer.untraced`. */
  readonly untraced: Readonly<Record<string, string>>;
  /** Matrix products and convolutions of a step, in 1e9 operations. Median. */
  readonly gflopPerStep: number;
  /** What the operations of a step read and write, in 1e9 bytes, as if no value stayed in a cache. Median. */
  readonly gigabytesPerStep: number;
  /** A product of two square matrices on the same engine in the same run, in 1e9 operations a second. Median. */
  readonly gemmGflops: number;
  /** A vector and a number added up, in 1e9 bytes read and written a second. Median. */
  readonly copyGigabytes: number;
  /** Of the process, with both trainers in it. */
  readonly peakRssBytes: number;
  /** Of an engine on a GPU. */
  readonly gpu: GpuPerformance | null;
}

interface GpuPerformance {
  /** Milliseconds of a traced step in which the GPU computes; the rest is the host's. Mean of a turn's, median of the turns'. Null where the engine cannot tell. */
  readonly busy: number | null;
  /** Of its memory, after steps of both trainers, which keep what they need. Null where nothing says. */
  readonly bytes: number | null;
}

export interface StepTimes {
  /** Milliseconds. */
  readonly median: number;
  readonly min: number;
  /** Real images that the players were shown, per second of training. */
  readonly imagesPerSecond: number;
  /** Counted operations by time, in 1e9 a second. */
  readonly gflops: number;
}

/** Not timed: two recordings of a move, and its first run as one call. */
const WARM_UP = 4;
/** Steps of one mode in a row, before it is the other's turn. */
const TURN = 5;

/**
 * Times steps of a cell in alternating turns of both modes and the engine's ceilings, so that what else the machine does meets all
 * of them alike. The steps are those at the end of the cell's budget, where a variant with phases is in its last
 * one, on networks as they were initialized.
 */
export async function measurePerformance(job: CellJob, engine: Engine, steps: number): Promise<Performance> {
  const { config, seed, emaDecay, budget } = job.identity;
  const { variant, dataset: whole, trainer } = await loadCell(job, engine);
  const batchSize = trainer.model.plan?.(budget).batchSize ?? trainer.model.batchSize;
  trainer.dispose();
  // So few samples that the steps before the first timed one read them all: how long drawing or decoding takes is another question.
  const dataset = firstSamples(whole, WARM_UP * batchSize);
  const mode = (tracer?: Tracer): Mode => new Mode(new Trainer({ variant, dataset, config, seed, emaDecay, tracer }), budget);
  const eager = mode();
  const traced = engine.tracer && mode(engine.tracer);
  const work: Work[] = [];
  const gemm: number[] = [];
  const copy: number[] = [];
  const gpu = engine.meter && new GpuTally(engine.meter);
  for (const mode of [eager, traced]) await mode?.run(WARM_UP);
  const peakRssBytes = process.resourceUsage().maxRSS * 1024; // now: the ceilings take more than any step
  await gpu?.noteMemory();
  const ceilings = await Ceilings.of(engine);
  while (eager.seconds.length < steps) {
    const turn = async (): Promise<void> => traced?.time(TURN);
    await (gpu ? gpu.turn(turn) : turn());
    for (let i = 0; i < TURN; i++) work.push(await countWork(() => eager.time(1)));
    gemm.push(await ceilings.gflops());
    copy.push(await ceilings.gigabytes());
  }
  const flops = work.map((one) => one.flops);
  const untraced = traced?.trainer.untraced ?? {};
  for (const mode of [eager, traced]) mode?.trainer.dispose();
  return {
    variant: job.identity.variant,
    data: job.identity.data.name,
    shape: job.identity.data.shape,
    engine: engine.name,
    device: engine.device,
    eager: eager.times(flops),
    traced: traced ? traced.times(flops) : null,
    untraced,
    gflopPerStep: median(flops) / 1e9,
    gigabytesPerStep: median(work.map(({ bytes }) => bytes)) / 1e9,
    gemmGflops: median(gemm),
    copyGigabytes: median(copy),
    peakRssBytes,
    gpu: gpu?.result() ?? null,
  };
}

function firstSamples(dataset: Dataset, count: number): Dataset {
  return {
    ...dataset,
    source(split, domain) {
      const source = dataset.source(split, domain);
      return { ...source, length: Math.min(count, source.length) };
    },
  };
}

/** What a GPU says of the turns of traced steps. */
class GpuTally {
  private readonly busy: number[] = [];
  private bytes: number | undefined;

  constructor(private readonly meter: GpuMeter) {}

  async turn(work: () => Promise<void>): Promise<void> {
    const busy = await this.meter.busy(work);
    if (busy !== undefined) this.busy.push(busy / TURN);
  }

  async noteMemory(): Promise<void> {
    this.bytes = await this.meter.bytes();
  }

  result(): GpuPerformance {
    return { busy: this.busy.length === 0 ? null : median(this.busy), bytes: this.bytes ?? null };
  }
}

/** A trainer and how long its steps took. */
class Mode {
  readonly seconds: number[] = [];
  private readonly images: number[] = [];

  constructor(
    readonly trainer: Trainer,
    step: number,
  ) {
    trainer.step = step;
  }

  async run(steps: number): Promise<void> {
    await this.trainer.train({ steps: this.trainer.step + steps });
  }

  /** In one call: after its last step the trainer hands the weights back, which is no part of a step. */
  async time(steps: number): Promise<void> {
    let [images, began] = [this.trainer.imagesShown, performance.now()];
    const lap: Callback = {
      onStep: ({ imagesShown }) => {
        const now = performance.now();
        this.seconds.push((now - began) / 1000);
        this.images.push(imagesShown - images);
        [images, began] = [imagesShown, now];
      },
    };
    await this.trainer.train({ steps: this.trainer.step + steps, callbacks: [lap] });
  }

  /** @param flops of the same steps. */
  times(flops: readonly number[]): StepTimes {
    const rate = (amounts: readonly number[]): number => median(this.seconds.map((seconds, i) => (amounts[i] as number) / seconds));
    return { median: 1000 * median(this.seconds), min: 1000 * Math.min(...this.seconds), imagesPerSecond: rate(this.images), gflops: rate(flops) / 1e9 };
  }
}
