import { EngineError, type MomentSums } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { tensorFlowBackend } from '../../trace/backend.js';
import { boolAttribute, intAttribute, type NodeDef, shapeAttribute, textAttribute, typeAttribute } from '../../trace/saved-model.js';
import { openSession } from '../../trace/session.js';
import { done, DOUBLE, fedPairs, fetch, fetchedPairs, INT, integers, node, pairsOf, product, real, T } from './graph.js';

/** Columns of a product are computed in pieces of at least so many: what lies above the diagonal is left out. */
const PIECE = 256;


/**
 * Sums of samples and of their products, about the mean of the first block: that a column's mean is large costs no digits. One
 * pass, and no more memory than a block and the matrix.
 */
export class Moments implements MomentSums {
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

function meanOf(rows: Float32Array | Float64Array, columns: number): Float64Array {
  const mean = new Float64Array(columns);
  const share = columns / rows.length;
  for (let at = 0; at < rows.length; ) for (let j = 0; j < columns; j++, at++) mean[j] = (mean[j] as number) + (rows[at] as number) * share;
  return mean;
}
