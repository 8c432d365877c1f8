import type * as tf from '@tensorflow/tfjs';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { sumOfSlices } from './slices.js';

/** Sums over the rows of matrices [rows, columns]: what is added up may be computed from several of them on the way. */
export interface ColumnSums {
  /** With all that the code depends on besides the sizes. */
  readonly key: string;
  readonly rows: number;
  readonly columns: number;
  /** Names of the operands in the code. */
  readonly operands: readonly string[];
  /** How many sums of each column. */
  readonly sums: 1 | 2;
  /** WGSL: `fn term(row: i32, column: i32) -> vec2<f32>`; of one sum only the first part counts. */
  readonly term: string;
}

const THREADS = 256;
/** Columns that lie side by side are read together by so many threads. */
const TOGETHER = 16;
/** About so many workgroups keep a large GPU busy; with fewer the rows are cut into slices. */
const WORKGROUPS = 128;
/** Rows that a thread adds up, at least, before its sum is worth a slice of its own. */
const ROWS_A_THREAD = 8;

/** @returns [sums * columns], one sum of every column after the other; always added up in the same order. */
export function columnSums(backend: WebGPUBackend, sums: ColumnSums, inputs: tf.TensorInfo[]): tf.TensorInfo {
  const sliced = slicedColumnSums(backend, sums, inputs);
  if (sliced.shape[0] === 1) return { ...sliced, shape: [sums.sums * sums.columns] };
  const sum = sumOfSlices(backend, sliced, [sums.sums * sums.columns]);
  backend.disposeData(sliced.dataId);
  return sum;
}

/** @returns [slices, sums * columns]: whoever uses them adds the slices up, first to last. */
export function slicedColumnSums(backend: WebGPUBackend, sums: ColumnSums, inputs: tf.TensorInfo[]): tf.TensorInfo {
  const together = sums.columns < TOGETHER ? smallestPower(sums.columns) : TOGETHER;
  const workgroups = Math.ceil(sums.columns / together);
  const lanes = THREADS / together;
  const slices = Math.max(1, Math.min(Math.floor(WORKGROUPS / workgroups), Math.floor(sums.rows / (lanes * ROWS_A_THREAD))));
  return backend.runWebGPUProgram(new ColumnSumsProgram(sums, together, slices), inputs, 'float32');
}

/** The smallest power of two that is not below. */
function smallestPower(value: number): number {
  return 2 ** Math.ceil(Math.log2(value));
}

class ColumnSumsProgram implements WebGPUProgram {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly workgroupSize: [number, number, number] = [THREADS, 1, 1];
  readonly dispatchLayout = { x: [0], y: [1] };
  readonly dispatch: [number, number, number];
  shaderKey: string;

  constructor(
    private readonly of: ColumnSums,
    private readonly together: number,
    private readonly slices: number,
  ) {
    const { key, rows, columns, operands, sums } = of;
    this.variableNames = [...operands];
    this.outputShape = [slices, sums * columns];
    this.dispatch = [Math.ceil(columns / together), slices, 1];
    this.shaderKey = `columnSums ${key} ${[rows, columns, sums, together, slices].join(' ')}`;
  }

  getUserCode(): string {
    const { together, slices } = this;
    const { rows, columns, sums, term } = this.of;
    const lanes = THREADS / together;
    const each = Math.ceil(rows / slices);
    return `
${term}
var<workgroup> parts: array<vec2<f32>, ${THREADS}>;

fn main() {
  _ = uniforms.NAN; // they are always bound, so they have to be used
  let thread = i32(localIndex);
  let column = i32(workgroupId.x) * ${together} + thread % ${together};
  let slice = i32(workgroupId.y);
  let last = min(${rows}, (slice + 1) * ${each});
  var part = vec2<f32>();
  if (column < ${columns}) {
    for (var row = slice * ${each} + thread / ${together}; row < last; row += ${lanes}) { part += term(row, column); }
  }
  parts[thread] = part;
  workgroupBarrier();
  for (var half = ${THREADS / 2}; half >= ${together}; half /= 2) {
    if (thread < half) { parts[thread] += parts[thread + half]; }
    workgroupBarrier();
  }
  if (thread < ${together} && column < ${columns}) {
    result[slice * ${sums * columns} + column] = parts[thread].x;${sums === 2 ? `\n    result[slice * ${sums * columns} + ${columns} + column] = parts[thread].y;` : ''}
  }
}`;
  }
}
