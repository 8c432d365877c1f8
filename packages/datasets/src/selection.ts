import { checkIndices, type Dataset, DataError, type DataSpec, didYouMean, Random, type Samples, type Source, type SplitName, UsageError } from '@ganzoo/core';
import { checkLimit } from './asked.js';
import type { DatasetDefinition, LoadOptions } from './definition.js';

/** What a name asks for behind the data set's own: `mnist@classes=3:8@limit=5000@mirror`. */
export interface Selection {
  /** Names or numbers of classes, in the order in which they are numbered anew. */
  readonly classes?: readonly string[];
  /** At most this many samples per split: a random part, fixed by seed. */
  readonly limit?: number;
  /** The train split has every image twice, the second time mirrored left to right. */
  readonly mirror?: true;
}

const SELECTION = /(?:@(?:classes=[^@]*|limit=[^@]*|mirror))+$/;
const SPLITS: readonly SplitName[] = ['train', 'validation', 'test'];
/** Samples that are read at a time to learn their labels. */
const BLOCK = 1000;

/** The data set's own name, and what is asked for of it. A path may have an @ of its own. */
export function parseSelection(name: string): { readonly base: string; readonly selection: Selection | undefined } {
  const [suffix] = SELECTION.exec(name) ?? [];
  if (suffix === undefined) return { base: name, selection: undefined };
  const selection: { -readonly [K in keyof Selection]: Selection[K] } = {};
  for (const part of suffix.slice(1).split('@')) {
    const [key, value = ''] = part.split('=') as [string, string?];
    if (key === 'classes') selection.classes = value.split(':');
    else if (key === 'limit') selection.limit = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    else selection.mirror = true;
  }
  return { base: name.slice(0, -suffix.length), selection };
}

/**
 * A part of a data set, or more of it, as a data set of its own.
 * @param name its own name and the selection, as they were given
 * @throws {UsageError} when the data set has no such classes, or what it consists of cannot be selected from in this way
 */
export function selected(name: string, base: DatasetDefinition, selection: Selection): DatasetDefinition {
  const { limit, mirror } = selection;
  checkLimit(name, limit);
  const what = base.domains ? 'two domains' : base.sizes.length === 0 ? 'points' : undefined;
  if (what !== undefined && (selection.classes || mirror)) {
    throw new UsageError(`'${base.name}' consists of ${what}: it cannot be selected from as '${name}'.`, {
      remedy: base.domains ? 'Select from each of the two data sets: mnist@classes=3+mnist@classes=8.' : 'Leave the selection out.',
    });
  }
  const classes = selection.classes && numbersOf(base, selection.classes);
  const classNames = classes ? classes.map((number) => base.classNames[number] as string) : base.classNames;
  const most = (split: SplitName): number => (mirror && split === 'train' ? 2 : 1) * Math.min(base.splits[split], limit ?? Infinity);
  return {
    ...base,
    name,
    description: `${base.description.replace(/\.$/, '')}; selected: ${name.slice(base.name.length + 1).replaceAll('@', ', ')}.`,
    classes: classNames.length,
    classNames,
    splits: { train: most('train'), validation: most('validation'), test: most('test') },
    load: (options = {}) => loadSelected(name, base, { classes, classNames, limit, mirror }, options),
  };
}

/** @throws {UsageError} when the data set has no such class, or one is named twice */
function numbersOf({ name, classNames }: DatasetDefinition, classes: readonly string[]): number[] {
  const numbers = classes.map((one) => {
    const named = classNames.indexOf(one);
    const number = named >= 0 || !/^\d+$/.test(one) ? named : Number(one);
    if (number < 0 || number >= classNames.length) throw new UsageError(`'${name}' has no class '${one}'.`, { remedy: classNames.length === 0 ? 'It has none at all.' : didYouMean(one, classNames) });
    return number;
  });
  if (new Set(numbers).size < numbers.length) throw new UsageError(`A class of '${name}' is named twice: ${classes.join(':')}.`, { remedy: 'Name each once.' });
  return numbers;
}

interface Resolved {
  readonly classes: readonly number[] | undefined;
  readonly classNames: readonly string[];
  readonly limit: number | undefined;
  readonly mirror: true | undefined;
}

async function loadSelected(name: string, base: DatasetDefinition, { classes, classNames, limit, mirror }: Resolved, options: LoadOptions): Promise<Dataset> {
  checkLimit(name, options.limit);
  const most = Math.min(limit ?? Infinity, options.limit ?? Infinity);
  const whole = await base.load({ ...options, limit: classes || most === Infinity ? undefined : most });
  const spec: DataSpec = { ...whole.spec, name, ...(classes && { classes: classNames.length, classNames }) };
  const members = new Map<SplitName, Uint32Array>();
  if (classes) for (const split of SPLITS) members.set(split, await membersOf(whole.source(split), classes, most, name));
  return {
    ...whole,
    spec,
    source(split, domain) {
      const source = { ...whole.source(split, domain), spec };
      const chosen = classes ? ofClasses(source, members.get(split) as Uint32Array, classes) : source;
      return mirror && split === 'train' ? mirrored(chosen) : chosen;
    },
  };
}

/** Samples of some classes, in the source's order; of more than `most` a random part. */
async function membersOf(source: Source, classes: readonly number[], most: number, name: string): Promise<Uint32Array> {
  const members: number[] = [];
  for (let start = 0; start < source.length; start += BLOCK) {
    const { labels } = await source.read(Array.from({ length: Math.min(BLOCK, source.length - start) }, (_, i) => start + i));
    labels?.forEach((label, i) => classes.includes(label) && members.push(start + i));
  }
  if (members.length === 0) throw new DataError(`'${name}' selects no sample of ${source.spec.name}.`, { remedy: 'Name other classes.' });
  if (members.length <= most) return Uint32Array.from(members);
  const order = Random.of('datasets', 'selection', members.length).permutation(members.length).slice(0, most);
  return order.map((at) => members[at] as number);
}

function ofClasses(source: Source, members: Uint32Array, classes: readonly number[]): Source {
  return {
    ...source,
    length: members.length,
    async read(indices) {
      checkIndices(indices, members.length, source.spec.name);
      const { values, labels } = await source.read(Array.from(indices, (index) => members[index] as number));
      return { values, labels: (labels as Int32Array).map((label) => classes.indexOf(label)) };
    },
  };
}

/** Every image twice: as it is, then mirrored left to right. */
function mirrored(source: Source): Source {
  const { length } = source;
  const [height, width, channels] = source.spec.shape as [number, number, number];
  return {
    ...source,
    length: 2 * length,
    async read(indices) {
      checkIndices(indices, 2 * length, source.spec.name);
      const samples: Samples = await source.read(Array.from(indices, (index) => index % length));
      for (let i = 0; i < indices.length; i++) {
        if ((indices[i] as number) >= length) flip(samples.values, i * height * width * channels, [height, width, channels]);
      }
      return samples;
    },
  };
}

/** Turns the rows of the image at a position around. */
function flip(values: Float32Array, start: number, [height, width, channels]: readonly [number, number, number]): void {
  const row = new Float32Array(width * channels);
  for (let y = 0, at = start; y < height; y++, at += width * channels) {
    row.set(values.subarray(at, at + width * channels));
    for (let x = 0; x < width; x++) values.set(row.subarray(x * channels, (x + 1) * channels), at + (width - 1 - x) * channels);
  }
}
