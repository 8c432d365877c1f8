import type { CubicKernel } from '@ganzoo/core';
import * as tf from '@tensorflow/tfjs';
import { tensorFlowBackend } from '../../trace/backend.js';
import { boolAttribute, type NodeDef, shapeAttribute, typeAttribute } from '../../trace/saved-model.js';
import { openSession } from '../../trace/session.js';
import { DOUBLE, fedPairs, type Feed, fetch, fetchedPairs, INT, integers, node, pairsOf, product, real, T } from './graph.js';

/** Rows on either side whose products are computed at a time: 32 MB of them. */
const KERNEL_ROWS = 2048;

/** Sums of (x.y / columns + 1)^3 over pairs, block by block. */
export class PairKernel implements CubicKernel {
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
      ...wide('float/x'),
      ...wide('float/y'),
      ...fedPairs('double/x', shape),
      ...fedPairs('double/y', shape),
      ...['float', 'double'].flatMap((kind) => [
        node(`${kind}/share`, 'RealDiv', [`${kind}/x`, 'columns'], T), // and not of the products: a set has more pairs than numbers, but for thousands of dimensions
        product(`${kind}/mean`, `${kind}/share`, `${kind}/y`, 'b'),
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
