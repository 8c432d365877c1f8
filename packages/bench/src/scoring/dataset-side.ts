import { DataError, sampleSize, type Source, type SplitName, UsageError } from '@ganzoo/core';
import { findDataset, FOLDER, loadDataset } from '@ganzoo/datasets';
import type { Side, SideOptions } from './side.js';

/** `mnist:test` */
export const SPLIT = /^(.+):(train|validation|test)$/;
const SPLITS: readonly SplitName[] = ['train', 'validation', 'test'];

/** A split of a data set. */
export async function datasetSide(name: string, { dataDir, size, channels }: SideOptions): Promise<Side> {
  const [, dataset = '', split] = SPLIT.exec(name) ?? [];
  if (findDataset(dataset).domains) throw new UsageError(`'${dataset}' has two domains.`, { remedy: 'Score one of them: name it alone.' });
  const loaded = await loadDataset(dataset, { dataDir, size, channels, splits: [split as SplitName] });
  const source = loaded.source(split as SplitName);
  if (loaded.spec.kind === 'images') return { name, kind: 'images', images: source, ...(dataset.startsWith(FOLDER) ? {} : { dataset }) };
  const { values } = await source.read(Array.from({ length: source.length }, (_, i) => i));
  return { name, kind: 'features', features: { data: values, rows: source.length, columns: loaded.spec.shape[0] as number } };
}

/** All pictures of a folder, whatever split they would be of. */
export async function folderSide(folder: string, { size, channels }: SideOptions): Promise<Side> {
  const dataset = await loadDataset(`${FOLDER}${folder}`, { size, channels });
  return { name: folder, kind: 'images', images: joined(SPLITS.map((split) => dataset.source(split))) };
}

/** One source after the other. */
function joined(sources: readonly Source[]): Source {
  const [{ spec }] = sources as [Source];
  return {
    spec,
    length: sources.reduce((sum, { length }) => sum + length, 0),
    async read(indices) {
      const size = sampleSize(spec);
      const values = new Float32Array(indices.length * size);
      await Promise.all(Array.from(indices, async (index, i) => values.set(await readOne(sources, index), i * size)));
      return { values };
    },
  };
}

async function readOne(sources: readonly Source[], index: number): Promise<Float32Array> {
  let rest = index;
  for (const source of sources) {
    if (rest < source.length) return (await source.read([rest])).values;
    rest -= source.length;
  }
  throw new DataError(`Picture ${index} was asked for, of fewer.`, { remedy: 'Report this as a bug.' });
}
