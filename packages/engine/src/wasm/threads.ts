import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { BackendWasm } from './backend.js';
import { memoryOf, simdModule, simdOf, type SimdKernel } from './simd.js';

/** Positions in the state that threads share, in int32. */
const ROUND = 0; // how many times work was handed out
const PENDING = 1; // threads that have not finished
const KERNEL = 2; // its number
const FAILED = 3; // 1 after a thread has thrown

/** Bytes before the arguments; each thread has room for so many, in float64, which holds addresses and factors alike. */
const HEADER = 64;
const MOST_ARGUMENTS = 24;

/** A thread that has nothing to do, or waits for others, looks so many times (a third of a millisecond) before it sleeps: waking takes longer than most work. */
const LOOKS = 40_000;

/**
 * What each other thread does: waits for a round, runs its part of a kernel, says so. In plain JavaScript, because it is the same from source
 * and built.
 */
const THREAD = `
const { parentPort, workerData: { module, memory, kernels, state, args } } = require('node:worker_threads');
const simd = new WebAssembly.Instance(module, { env: { memory } }).exports;
parentPort.postMessage('ready');
let round = 0;
for (;;) {
  for (let looks = 0; looks < ${LOOKS} && Atomics.load(state, ${ROUND}) === round; looks++);
  Atomics.wait(state, ${ROUND}, round);
  round = Atomics.load(state, ${ROUND});
  try {
    if (args[0] > 0) simd[kernels[Atomics.load(state, ${KERNEL})]](...args.subarray(1, 1 + args[0]));
  } catch {
    Atomics.store(state, ${FAILED}, 1);
  }
  if (Atomics.sub(state, ${PENDING}, 1) === 1) Atomics.notify(state, ${PENDING});
}
`;

/** Threads beside the main one that run our SIMD kernels in a backend's memory. They sleep between kernels and end with the process. */
class Threads {
  private readonly state: Int32Array;
  private readonly args: Float64Array[];

  private constructor(private readonly others: number, private readonly kernels: string[]) {
    const bytes = (1 + MOST_ARGUMENTS) * 8;
    const shared = new SharedArrayBuffer(HEADER + others * bytes);
    this.state = new Int32Array(shared, 0, HEADER / 4);
    this.args = Array.from({ length: others }, (_, i) => new Float64Array(shared, HEADER + i * bytes, 1 + MOST_ARGUMENTS));
  }

  /** @throws what a thread does when it cannot start. */
  static async start(memory: WebAssembly.Memory, others: number): Promise<Threads> {
    const module = simdModule(memory);
    const kernels = WebAssembly.Module.exports(module).map(({ name }) => name);
    const threads = new Threads(others, kernels);
    const workers = threads.args.map(
      // Without the options of this process: a loader of TypeScript, or a program in them, is not meant for this.
      (args) => new Worker(THREAD, { eval: true, execArgv: [], workerData: { module, memory, kernels, state: threads.state, args } }),
    );
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    for (const worker of workers) worker.unref();
    return threads;
  }

  get count(): number {
    return 1 + this.others;
  }

  /** Runs `own` on this thread while the others run the kernel with their arguments, one list for each at most. */
  run(kernel: SimdKernel, lists: readonly (readonly number[])[], own: () => void): void {
    const { state } = this;
    this.args.forEach((args, i) => {
      const list = lists[i] ?? [];
      args[0] = list.length;
      args.set(list, 1);
    });
    Atomics.store(state, KERNEL, this.kernels.indexOf(kernel));
    Atomics.store(state, PENDING, this.others);
    Atomics.add(state, ROUND, 1);
    Atomics.notify(state, ROUND);
    try {
      own();
    } finally {
      this.waitForOthers();
    }
    if (Atomics.exchange(state, FAILED, 0) === 1) throw new Error(`The kernel ${kernel} failed in a thread of the wasm engine.`);
  }

  private waitForOthers(): void {
    const { state } = this;
    for (let looks = 0; looks < LOOKS && Atomics.load(state, PENDING) > 0; looks++);
    for (let pending = Atomics.load(state, PENDING); pending > 0; pending = Atomics.load(state, PENDING)) Atomics.wait(state, PENDING, pending);
  }
}

const threads = new WeakMap<object, Threads>();

/** Gives a backend in shared memory so many threads for our kernels. */
export async function startThreads(backend: BackendWasm, count: number): Promise<void> {
  threads.set(backend.wasm, await Threads.start(memoryOf(backend), count - 1));
}

/** Elements of a map that take a thread some fifty microseconds. */
export const WORTHWHILE_ELEMENTS = 2 ** 17;

interface Parts {
  readonly size: number;
  /** Less than this is not worth waking a thread for. */
  readonly worthwhile: number;
  /** What each part but the last is a multiple of. @default 1 */
  readonly grain?: number;
}

/**
 * Runs a kernel on the elements 0 to `size`, in as many parts as the backend has threads.
 * @param argumentsFor a part of `count` elements from `from` on, the `part`-th.
 */
export function inParts(backend: BackendWasm, kernel: SimdKernel, { size, worthwhile, grain = 1 }: Parts, argumentsFor: (from: number, count: number, part: number) => number[]): void {
  const simd = simdOf(backend);
  const pool = size < worthwhile ? undefined : threads.get(backend.wasm);
  const each = pool === undefined ? size : Math.ceil(size / pool.count / grain) * grain;
  const lists: number[][] = [];
  for (let from = each, part = 1; from < size; from += each, part++) lists.push(argumentsFor(from, Math.min(each, size - from), part));
  const own = (): void => void simd[kernel](...argumentsFor(0, Math.min(each, size), 0));
  if (pool === undefined || lists.length === 0) own();
  else pool.run(kernel, lists, own);
}

/** How many parts `inParts` makes at most. */
export function mostParts(backend: BackendWasm): number {
  return threads.get(backend.wasm)?.count ?? 1;
}
