import { type CubicKernel, EngineError, type Float64Algebra, type MomentSums } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { tensorFlowBackend } from '../trace/backend.js';
import { type AttributeValue, boolAttribute, constantAttribute, intAttribute, type NodeDef, shapeAttribute, textAttribute, typeAttribute } from '../trace/saved-model.js';
import { openSession } from '../trace/session.js';

/**
 * Float64 in graphs of TensorFlow. TensorFlow.js has no tensors of that type, so values go in and out as pairs of int32, which
 * the graph takes for what they are (Bitcast): not a bit is lost.
 */
export const tensorFlowFloat64: Float64Algebra = {
  moments: (columns) => new Moments(columns),
  traceOfRoot,
  cubicKernel: (columns) => new PairKernel(columns),
};

const DOUBLE = typeAttribute('float64');
const INT = typeAttribute('int32');
const T: Readonly<Record<string, AttributeValue>> = { T: DOUBLE };
/** Columns of a product are computed in pieces of at least so many: what lies above the diagonal is left out. */
const PIECE = 256;

const node = (name: string, operation: string, inputs: readonly string[] = [], attributes: Readonly<Record<string, AttributeValue>> = {}): NodeDef => ({ name, operation, inputs, attributes });
const integers = (name: string, values: readonly number[], shape: readonly number[] = [values.length]): NodeDef =>
  node(name, 'Const', [], { dtype: INT, value: constantAttribute({ dtype: 'int32', shape, values: Int32Array.from(values) }) });
/** A number that is the same in float32. */
const real = (name: string, value: number): NodeDef[] => [
  node(`${name}/float`, 'Const', [], { dtype: typeAttribute('float32'), value: constantAttribute({ dtype: 'float32', shape: [], values: Float32Array.of(value) }) }),
  node(name, 'Cast', [`${name}/float`], { SrcT: typeAttribute('float32'), DstT: DOUBLE }),
];
const product = (name: string, a: string, b: string, transposed: 'a' | 'b' | 'none' = 'none'): NodeDef =>
  node(name, 'MatMul', [a, b], { T: DOUBLE, transpose_a: boolAttribute(transposed === 'a'), transpose_b: boolAttribute(transposed === 'b') });
/** What is fed as pairs of int32. */
const fedPairs = (name: string, shape: readonly number[]): NodeDef[] => [
  node(`${name}/pairs`, 'Placeholder', [], { dtype: INT, shape: shapeAttribute([...shape, 2]) }),
  node(name, 'Bitcast', [`${name}/pairs`], { T: INT, type: DOUBLE }),
];
/** What is fetched as pairs of int32, under `<name>/pairs:0`. */
const fetchedPairs = (name: string): NodeDef => node(`${name}/pairs`, 'Bitcast', [name], { T: DOUBLE, type: INT });

/**
 * Sums of samples and of their products, about the mean of the first block: that a column's mean is large costs no digits. One
 * pass, and no more memory than a block and the matrix.
 */
class Moments implements MomentSums {
  private readonly session: number;
  private readonly pieces: number;
  private shift: Float64Array | undefined;
  private count = 0;

  constructor(private readonly columns: number) {
    this.pieces = piecesOf(columns);
    this.session = openSession(this.nodes());
    fetch(this.session, [], ['reset:0']);
  }

  add(rows: Float32Array | Float64Array): void {
    const { columns } = this;
    const count = rows.length / columns;
    this.shift ??= meanOf(rows, columns);
    const shift = pairsOf(this.shift, [columns]);
    const kind = rows instanceof Float32Array ? 'float' : 'double';
    const block = rows instanceof Float32Array ? tf.tensor2d(rows, [count, columns]) : pairsOf(rows, [count, columns]);
    try {
      fetch(this.session, [[kind === 'float' ? 'float/rows:0' : 'double/rows/pairs:0', block], [`${kind}/shift/pairs:0`, shift]], [`${kind}/added:0`]);
    } finally {
      tf.dispose([block, shift]);
    }
    this.count += count;
  }

  result(): ReturnType<MomentSums['result']> {
    const { count, columns, shift } = this;
    if (shift === undefined || count < 2) throw new EngineError(`${count} samples have no covariance.`, { remedy: 'Add at least 2.' });
    const [sums, covariance] = fetch(this.session, [], ['sums/pairs:0', 'products/pairs:0']) as [Float64Array, Float64Array];
    for (let i = 0, at = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++, at++) covariance[at] = ((covariance[at] as number) - ((sums[i] as number) * (sums[j] as number)) / count) / (count - 1);
    }
    return { count, mean: sums.map((sum, i) => (shift[i] as number) + sum / count), covariance };
  }

  dispose(): void {
    tensorFlowBackend().deleteSavedModel(this.session);
  }

  private nodes(): NodeDef[] {
    const { columns, pieces } = this;
    const width = columns / pieces;
    const below = Array.from({ length: pieces }, (_, i) => Array.from({ length: i + 1 }, (__, j) => `products${i}_${j}`));
    const variables = [{ name: 'sum', shape: [columns] }, ...below.flat().map((name) => ({ name, shape: [width, width] }))];
    return [
      ...variables.flatMap(({ name, shape }) => variable(name, shape)),
      ...done('reset', variables.map(({ name }) => `${name}/zero`)),
      ...this.adding('float', [node('float/rows', 'Placeholder', [], { dtype: typeAttribute('float32'), shape: shapeAttribute([-1, columns]) }), node('float/wide', 'Cast', ['float/rows'], { SrcT: typeAttribute('float32'), DstT: DOUBLE })], 'float/wide', below),
      ...this.adding('double', fedPairs('double/rows', [-1, columns]), 'double/rows', below),
      node('sums', 'Identity', ['sum/value'], T),
      fetchedPairs('sums'),
      ...whole(below),
      fetchedPairs('products'),
    ];
  }

  /** Adds a block that is fed in one type or the other. */
  private adding(kind: string, feeding: readonly NodeDef[], rows: string, below: readonly (readonly string[])[]): NodeDef[] {
    const { columns, pieces } = this;
    const parts = Array.from({ length: pieces }, (_, i) => `${kind}/parts:${i}`);
    const products = below.flatMap((names, i) =>
      names.flatMap((name, j) => [
        product(`${kind}/${name}`, parts[i] as string, parts[j] as string, 'a'),
        node(`${kind}/${name}/add`, 'AssignAddVariableOp', [name, `${kind}/${name}`], { dtype: DOUBLE }),
      ]),
    );
    return [
      ...feeding,
      ...fedPairs(`${kind}/shift`, [columns]),
      node(`${kind}/centred`, 'Sub', [rows, `${kind}/shift`], T),
      integers(`${kind}/first`, [0]),
      node(`${kind}/sum`, 'Sum', [`${kind}/centred`, `${kind}/first`], { T: DOUBLE, Tidx: INT, keep_dims: boolAttribute(false) }),
      node(`${kind}/sum/add`, 'AssignAddVariableOp', ['sum', `${kind}/sum`], { dtype: DOUBLE }),
      integers(`${kind}/second`, [1], []),
      node(`${kind}/parts`, 'Split', [`${kind}/second`, `${kind}/centred`], { T: DOUBLE, num_split: intAttribute(pieces) }),
      ...products,
      ...done(`${kind}/added`, [`${kind}/sum/add`, ...below.flat().map((name) => `${kind}/${name}/add`)]),
    ];
  }
}

/** The most pieces of equal width, none narrower than {@link PIECE}, up to 8. */
function piecesOf(columns: number): number {
  return [8, 7, 6, 5, 4, 3, 2].find((pieces) => columns % pieces === 0 && columns / pieces >= PIECE) ?? 1;
}

function variable(name: string, shape: readonly number[]): NodeDef[] {
  return [
    node(name, 'VarHandleOp', [], { dtype: DOUBLE, shape: shapeAttribute(shape), shared_name: textAttribute(name) }),
    integers(`${name}/shape`, shape),
    ...real(`${name}/0`, 0),
    node(`${name}/zeros`, 'Fill', [`${name}/shape`, `${name}/0`], { T: DOUBLE, index_type: INT }),
    node(`${name}/zero`, 'AssignVariableOp', [name, `${name}/zeros`], { dtype: DOUBLE }),
    node(`${name}/value`, 'ReadVariableOp', [name], { dtype: DOUBLE }),
  ];
}

/** A number that is there when all has run. */
function done(name: string, after: readonly string[]): NodeDef[] {
  return [{ ...integers(name, [1], []), inputs: after.map((one) => `^${one}`) }];
}

/** The symmetric matrix of the pieces on and below the diagonal, as `products`. */
function whole(below: readonly (readonly string[])[]): NodeDef[] {
  const pieces = below.length;
  const nodes: NodeDef[] = [integers('turned', [1, 0]), integers('down', [0], []), integers('across', [1], [])];
  const rows = below.map((names, i) => {
    const parts = below.map((_, j) => {
      if (j <= i) return `${names[j]}/value`;
      const name = `above${i}_${j}`;
      nodes.push(node(name, 'Transpose', [`${below[j]?.[i]}/value`, 'turned'], { T: DOUBLE, Tperm: INT }));
      return name;
    });
    nodes.push(node(`row${i}`, 'ConcatV2', [...parts, 'across'], { T: DOUBLE, Tidx: INT, N: intAttribute(pieces) }));
    return `row${i}`;
  });
  // Of a single piece there is nothing to concatenate, and ConcatV2 wants two.
  if (pieces === 1) return [node('products', 'Identity', [`${below[0]?.[0]}/value`], T)];
  return [...nodes, node('products', 'ConcatV2', [...rows, 'down'], { T: DOUBLE, Tidx: INT, N: intAttribute(pieces) })];
}

/** Rows on either side whose products are computed at a time: 32 MB of them. */
const KERNEL_ROWS = 2048;

class PairKernel implements CubicKernel {
  private readonly session: number;

  constructor(private readonly columns: number) {
    const shape = [-1, columns];
    const wide = (name: string): NodeDef[] => [
      node(`${name}/rows`, 'Placeholder', [], { dtype: typeAttribute('float32'), shape: shapeAttribute(shape) }),
      node(name, 'Cast', [`${name}/rows`], { SrcT: typeAttribute('float32'), DstT: DOUBLE }),
    ];
    this.session = openSession([
      ...real('columns', columns),
      ...real('one', 1),
      integers('both', [0, 1]),
      ...[...wide('float/x'), ...wide('float/y')],
      ...[...fedPairs('double/x', shape), ...fedPairs('double/y', shape)],
      ...['float', 'double'].flatMap((kind) => [
        product(`${kind}/products`, `${kind}/x`, `${kind}/y`, 'b'),
        node(`${kind}/mean`, 'RealDiv', [`${kind}/products`, 'columns'], T),
        node(`${kind}/more`, 'AddV2', [`${kind}/mean`, 'one'], T),
        node(`${kind}/square`, 'Square', [`${kind}/more`], T),
        node(`${kind}/cube`, 'Mul', [`${kind}/square`, `${kind}/more`], T),
        node(`${kind}/sum`, 'Sum', [`${kind}/cube`, 'both'], { T: DOUBLE, Tidx: INT, keep_dims: boolAttribute(false) }),
        fetchedPairs(`${kind}/sum`),
      ]),
    ]);
  }

  sum(x: Float32Array | Float64Array, y: Float32Array | Float64Array): number {
    const block = KERNEL_ROWS * this.columns;
    let sum = 0;
    for (let i = 0; i < x.length; i += block) for (let j = 0; j < y.length; j += block) sum += this.sumOf(x.subarray(i, i + block), y.subarray(j, j + block));
    return sum;
  }

  dispose(): void {
    tensorFlowBackend().deleteSavedModel(this.session);
  }

  private sumOf(x: Float32Array | Float64Array, y: Float32Array | Float64Array): number {
    const float = x instanceof Float32Array && y instanceof Float32Array;
    const feeds = ([['x', x], ['y', y]] as const).map(([name, rows]): Feed => {
      const shape = [rows.length / this.columns, this.columns] as [number, number];
      if (float) return [`float/${name}/rows:0`, tf.tensor2d(rows as Float32Array, shape)];
      return [`double/${name}/pairs:0`, pairsOf(rows instanceof Float64Array ? rows : Float64Array.from(rows), shape)];
    });
    try {
      return (fetch(this.session, feeds, [`${float ? 'float' : 'double'}/sum/pairs:0`])[0] as Float64Array)[0] as number;
    } finally {
      tf.dispose(feeds.map(([, tensor]) => tensor));
    }
  }
}

/**
 * The sum of the square roots of the eigenvalues of R' B R, where A = R R'. R is A's Cholesky factor where A has one, which takes
 * a fortieth of the time; else made of its eigenvectors.
 */
function traceOfRoot(a: Float64Array, b: Float64Array, dimensions: number): number {
  for (const values of [a, b]) {
    if (!values.every(Number.isFinite)) throw new EngineError('A matrix whose root is asked for holds values that are not finite.', { remedy: 'Look for a diverged generator.' });
  }
  const shape = [dimensions, dimensions];
  const session = openSession([
    ...fedPairs('a', shape),
    ...fedPairs('b', shape),
    node('factor', 'Cholesky', ['a'], T),
    ...conjugated('factor', 'cholesky'),
    node('decomposed', 'SelfAdjointEigV2', ['a'], { T: DOUBLE, compute_v: boolAttribute(true) }),
    ...real('0', 0),
    node('spread', 'Maximum', ['decomposed:0', '0'], T),
    node('roots', 'Sqrt', ['spread'], T),
    node('scaled', 'Mul', ['decomposed:1', 'roots'], T),
    ...conjugated('scaled', 'eigenvectors'),
  ]);
  const [left, right] = [pairsOf(a, shape), pairsOf(b, shape)];
  const feeds = [['a/pairs:0', left], ['b/pairs:0', right]] as const;
  try {
    const [eigenvalues] = fetchFirst(() => fetch(session, feeds, ['cholesky/eigenvalues/pairs:0']), () => fetch(session, feeds, ['eigenvectors/eigenvalues/pairs:0'])) as [Float64Array];
    const rounding = dimensions * Number.EPSILON * eigenvalues.reduce((most, value) => Math.max(most, value), 0);
    return eigenvalues.reduce((sum, value) => sum + (value > rounding ? Math.sqrt(value) : 0), 0);
  } finally {
    tf.dispose([left, right]);
    tensorFlowBackend().deleteSavedModel(session);
  }
}

/** Eigenvalues of R' B R, as `<name>/eigenvalues`. */
function conjugated(root: string, name: string): NodeDef[] {
  return [
    product(`${name}/right`, 'b', root),
    product(`${name}/product`, root, `${name}/right`, 'a'),
    node(`${name}/values`, 'SelfAdjointEigV2', [`${name}/product`], { T: DOUBLE, compute_v: boolAttribute(false) }),
    node(`${name}/eigenvalues`, 'Identity', [`${name}/values:0`], T),
    fetchedPairs(`${name}/eigenvalues`),
  ];
}

/** TensorFlow refuses to factor a matrix that is singular to its digits. */
function fetchFirst<Result>(quick: () => Result, sure: () => Result): Result {
  try {
    return quick();
  } catch (error) {
    if (!/cholesky/i.test((error as Error).message)) throw error;
    return sure();
  }
}

type Feed = readonly [name: string, tensor: tf.Tensor];

/** Runs a session; what comes out as pairs of int32 are float64. */
function fetch(session: number, feeds: readonly Feed[], names: readonly string[]): Float64Array[] {
  const infos = feeds.map(([name]) => ({ name }));
  const results = tensorFlowBackend().runSavedModel(session, feeds.map(([, tensor]) => tensor), infos, [...names]);
  return results.map((result) => {
    const values = result.dataSync<'int32'>();
    result.dispose();
    return values.length % 2 === 0 ? new Float64Array(values.slice().buffer) : new Float64Array(0);
  });
}

/** @returns int32 [...shape, 2] */
function pairsOf(values: Float64Array, shape: readonly number[]): tf.Tensor {
  const aligned = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  return tf.tensor(aligned, [...shape, 2], 'int32');
}

function meanOf(rows: Float32Array | Float64Array, columns: number): Float64Array {
  const mean = new Float64Array(columns);
  const share = columns / rows.length;
  for (let at = 0; at < rows.length; ) for (let j = 0; j < columns; j++, at++) mean[j] = (mean[j] as number) + (rows[at] as number) * share;
  return mean;
}
