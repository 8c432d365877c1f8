import { type EngineName, type FeatureExtractor, Random, UsageError } from '@ganzoo/core';
import { loadEngine } from '@ganzoo/engine';
import { drawWithoutReplacement, extractors, loadExtractor } from '@ganzoo/metrics';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { extractorOf } from '../extractor-of.js';
import { count, number, table } from '../format.js';
import { addEngineOptions, wholeNumber, words } from '../options.js';
import { isModelExtractor, loadModelExtractor } from '../model-extractor.js';
import { colors, progressView } from '../progress/index.js';
import { extract, halves, measure, type Measured, type MeasureOptions, type MetricName, METRICS, type NamedScore, rowsOf } from '../scoring/measure.js';
import { openSide, type Side } from '../scoring/side.js';

const EXAMPLES = `
A side is a .npy file (features [n, d], images [n, h, w] or [n, h, w, c]), a .safetensors file, a folder of pictures, a run folder or
checkpoint (its generator's samples), or a data set and its split.

Examples:
  ganzoo score real.npy generated.npy                     features that you extracted yourself
  ganzoo score mnist:test runs/mine --data-dir data       a generator of ours
  ganzoo score mnist:test pictures/ --size 28 --channels 1
  ganzoo score mnist:train mnist:test --metrics fid,kid --samples 10000 --json`;

interface ScoreCommandOptions {
  readonly metrics?: readonly string[];
  readonly k?: number;
  readonly kidSubsets: number;
  readonly kidSubsetSize?: number;
  readonly extractor?: string;
  readonly allowUnknownExtractor?: boolean;
  readonly samples?: number;
  readonly generate: number;
  readonly seed: number;
  readonly floor: boolean;
  readonly size?: number;
  readonly channels?: number;
  readonly key?: string;
  readonly range?: readonly [number, number];
  readonly dataDir?: string;
  readonly engine: EngineName | 'auto';
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function addScore(program: Command): void {
  addEngineOptions(program.command('score').description("Score anyone's images or features against real ones."))
    .argument('<real>', 'what is to be matched')
    .argument('<generated>', 'what is scored')
    .option('--metrics <names>', `of ${METRICS.join(', ')} (default: all that the sides allow)`, words)
    .option('--k <n>', 'neighbours of precision, recall, density and coverage (default: 3 of the first two, 5 of the others)', wholeNumber(1))
    .option('--kid-subsets <n>', 'random subsets of KID; 0: only the full set', wholeNumber(0), 100)
    .option('--kid-subset-size <n>', 'samples of each (default: 1,000, or all of the smaller side)', wholeNumber(2))
    .option('--extractor <name>', `of ${Object.keys(extractors).join(', ')}, or inception:<file> (default: the data set's)`)
    .option('--allow-unknown-extractor', 'take a model whose weights are not known')
    .option('--samples <n>', 'drawn at random from each side (default: all)', wholeNumber(2))
    .option('--generate <n>', 'samples that a checkpoint generates', wholeNumber(2), 10_000)
    .option('--seed <n>', 'of everything that is drawn', wholeNumber(0), 0)
    .option('--no-floor', 'without the scores between two halves of the real side')
    .option('--size <pixels>', 'of data sets and folders: height and width', wholeNumber(1))
    .option('--channels <n>', 'of data sets and folders: 1 or 3', wholeNumber(1))
    .option('--key <name>', 'of the tensor in a safetensors file')
    .option('--range <black,white>', 'of images that are no bytes: 0,1 or -1,1', range)
    .addOption(new Option('--data-dir <folder>', 'where the data files are').env('GANZOO_DATA'))
    .option('--json', 'print the scores as JSON on standard output, and nothing else there')
    .option('--quiet', 'no progress')
    .option('--debug', 'stack traces')
    .addHelpText('after', EXAMPLES)
    .action(score);
}

async function score(realName: string, generatedName: string, options: ScoreCommandOptions): Promise<void> {
  const { seed, samples, json = false, quiet = false, k, kidSubsets, kidSubsetSize } = options;
  const asked = metricsOf(options.metrics);
  const view = progressView({ quiet });
  try {
    const { float64 } = await loadEngine(options.engine);
    const open = async (name: string): Promise<Side> => {
      view.status(`Reading ${name} ...`);
      return openSide(name, options);
    };
    const sides = [await open(realName), await open(generatedName)] as const;
    const extractor = await extractorFor(sides, options.extractor, options.allowUnknownExtractor === true);
    const metrics = asked ?? METRICS.filter((name) => name !== 'is' || extractor?.classify !== undefined);
    const [real, generated] = [await measured(sides[0], 'real'), await measured(sides[1], 'generated')];
    view.status('Scoring ...');
    const how: MeasureOptions = { metrics, k: { precision: k ?? 3, density: k ?? 5 }, kidSubsets, kidSubsetSize, seed, float64, extractor: extractor?.name ?? 'features' };
    const scores = await measure(real, generated, how);
    view.status('Scoring the real side against itself ...');
    const floor = options.floor ? await floorOf(real, generated.features.rows, how) : undefined;
    const result = { scores, floor, extractor, names: sides.map(({ name }) => name), seed };
    view.close();
    process.stdout.write(json ? `${JSON.stringify(asJson(result), null, 1)}\n` : `${asText(result)}\n`);

    async function measured(side: Side, which: string): Promise<Measured> {
      const rows = side.kind === 'features' ? side.features.rows : side.images.length;
      if (samples !== undefined && samples > rows) throw new UsageError(`${samples} samples were asked for, and '${side.name}' has ${rows}.`, { remedy: `Ask for at most ${rows} with --samples.` });
      const indices = samples === undefined ? Uint32Array.from({ length: rows }, (_, i) => i) : drawWithoutReplacement(rows, samples, Random.of(seed, 'score', which));
      if (side.kind === 'features') return samples === undefined ? { features: side.features } : rowsOf({ features: side.features }, indices);
      view.status(`Features of ${side.name} ...`);
      return extract(extractor as FeatureExtractor, side.images, indices, metrics);
    }
  } finally {
    view.close();
  }
}

interface Scored {
  readonly scores: readonly NamedScore[];
  readonly floor: Floor | undefined;
  readonly extractor: FeatureExtractor | undefined;
  readonly names: readonly string[];
  readonly seed: number;
}

/** Scores between two disjoint halves of the real side. */
interface Floor {
  readonly samples: number;
  readonly scores: readonly NamedScore[];
}

async function floorOf(real: Measured, generated: number, how: MeasureOptions): Promise<Floor | undefined> {
  const parts = halves(real.features.rows, generated, how.seed);
  if (!parts || parts[0].length <= Math.max(how.k.density, how.k.precision, how.kidSubsetSize ?? 0)) return undefined;
  const [one, other] = parts.map((indices) => rowsOf(real, indices)) as [Measured, Measured];
  return { samples: parts[0].length, scores: await measure(one, other, how) };
}

/** @throws {UsageError} when the sides do not go together, or no extractor follows from them. */
async function extractorFor(sides: readonly [Side, Side], asked: string | undefined, allowUnknown: boolean): Promise<FeatureExtractor | undefined> {
  const [real, generated] = sides;
  if (real.kind !== generated.kind) {
    const words = ({ name, kind }: Side): string => `'${name}' holds ${kind}`;
    throw new UsageError(`${words(real)}, and ${words(generated)}.`, { remedy: 'Give images on both sides, or features that one extractor made of both.' });
  }
  if (real.kind === 'features' || generated.kind === 'features') {
    if (asked !== undefined) throw new UsageError(`Both sides hold features, which the extractor '${asked}' has no use for.`, { remedy: 'Leave out --extractor, or give images.' });
    return undefined;
  }
  const [shape, other] = [real.images.spec.shape, generated.images.spec.shape].map((sides) => sides.join('x'));
  if (shape !== other) {
    throw new UsageError(`'${real.name}' has images of ${shape}, '${generated.name}' of ${other}.`, { remedy: 'Bring data sets and folders to one shape with --size and --channels.' });
  }
  const dataset = real.dataset ?? generated.dataset;
  if (asked === undefined && dataset === undefined) {
    throw new UsageError('Neither side says what its images are of.', { remedy: `Choose what makes features of them with --extractor: ${Object.keys(extractors).join(', ')}, or inception:<file>.` });
  }
  if (asked !== undefined && isModelExtractor(asked)) return loadModelExtractor(asked, allowUnknown);
  return loadExtractor(asked ?? extractorOf(dataset as string));
}

/** @throws {UsageError} when there is no metric of a name. */
function metricsOf(names: readonly string[] | undefined): readonly MetricName[] | undefined {
  const unknown = names?.find((name) => !METRICS.includes(name as MetricName));
  if (unknown !== undefined) throw new UsageError(`There is no metric '${unknown}'.`, { remedy: `The metrics are ${METRICS.join(', ')}.` });
  return names as readonly MetricName[] | undefined;
}

/** The values by their short names, and all that is to be known of each. */
function asJson({ scores, floor, extractor, names, seed }: Scored): Record<string, unknown> {
  const short = Object.fromEntries(scores.map(({ key, value, sd }) => [key, key === 'kidSubsets' ? { mean: value, sd } : value]));
  const withFloors = scores.map((one, i) => ({ ...one, ...(floor && { floor: floor.scores[i]?.value }) }));
  return {
    ...short,
    scores: withFloors,
    floorSamples: floor?.samples ?? null,
    real: names[0],
    generated: names[1],
    extractor: extractor ? { name: extractor.name, weightsSha256: extractor.weightsSha256, testAccuracy: extractor.testAccuracy } : null,
    seed,
  };
}

function asText({ scores, floor, names }: Scored): string {
  const arrow = (one: NamedScore): string => (one.better === 'higher' ? '↑' : '↓');
  const rows = scores.map((one, i) => [
    `${one.name} ${arrow(one)}`,
    one.sd === undefined ? number(one.value) : `${number(one.value)} ± ${number(one.sd)}`,
    floor ? number(floor.scores[i]?.value as number) : '-',
  ]);
  const [head = '', ...lines] = table([['', 'score', 'floor'], ...rows]);
  const { samples } = scores[0] as NamedScore;
  const sizes = `${count(samples.generated)} samples of ${names[1]} against ${count(samples.real)} of ${names[0]}.`;
  const said = floor ? ` Floor: ${count(floor.samples)} of the real samples against ${count(floor.samples)} others.` : ' No floor: the real side has too few samples to be halved, or it was not asked for.';
  return [colors.out.dim(head), ...lines, colors.out.dim(sizes + said)].join('\n');
}

/** `0,1` */
function range(text: string): [number, number] {
  const [black, white, ...more] = text.split(',').map(Number) as [number, number];
  if (!(black < white) || !Number.isFinite(black) || !Number.isFinite(white) || more.length > 0) throw new InvalidArgumentError('Give two numbers, black and white, such as 0,1 or -1,1.');
  return [black, white];
}
