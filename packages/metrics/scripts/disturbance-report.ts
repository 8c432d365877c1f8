import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { ExtractorName } from '../src/extractors/registry.js';
import type { Ladder } from './ladder.js';

/** How the distances of one data set rose with every disturbance, by each extractor. */
export interface DataReport {
  readonly dataset: string;
  readonly contaminatedBy: string;
  /** Images on either side of every distance. */
  readonly samples: number;
  readonly byExtractor: readonly { readonly extractor: ExtractorName; readonly ladders: readonly Ladder[] }[];
}

/** Small multiples: a panel for each disturbance, a line for each extractor, as multiples of the distance of untouched images. */
export async function drawReport({ byExtractor }: DataReport): Promise<string> {
  const values = byExtractor.flatMap(({ extractor, ladders }) =>
    ladders.flatMap(({ name, rungs }) => rungs.map(({ level, distance }) => ({ extractor, disturbance: name, level, distance: distance / (rungs[0]?.distance ?? 1) }))),
  );
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    data: { values },
    facet: { field: 'disturbance', type: 'nominal', title: null, sort: null as never },
    columns: 4,
    resolve: { scale: { x: 'independent' } },
    spec: {
      width: 190,
      height: 130,
      mark: { type: 'line', point: true },
      encoding: {
        x: { field: 'level', type: 'quantitative', title: null, axis: { tickCount: 5 } },
        y: { field: 'distance', type: 'quantitative', title: 'Fréchet distance / untouched', scale: { type: 'log' }, axis: { tickCount: 4, format: '~s' } },
        color: { field: 'extractor', type: 'nominal', title: null, sort: null, legend: { orient: 'bottom' } },
      },
    },
  };
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  return view.toSVG();
}

/** The page of all data sets: pictures, and tables in which what does not rise is marked. */
export function reportText(reports: readonly DataReport[]): string {
  return `# How far the extractors are to be trusted

A Fréchet distance is worth no more than the features it is measured by. Real images of the validation split are made worse step by
step, and compared with real images of the test split; an extractor is to be trusted with a disturbance when its distance
rises at every level. Every data set is scored by two extractors that know nothing of each other: a small classifier that was trained on it,
and \`random-conv64\`, which was never trained. Written by

\`\`\`sh
npm run check-extractors -w @ganzoo/metrics -- --data-dir path/to/data --cifar-records first-4000-of-data_batch_1.bin --report docs/extractors.md
\`\`\`

Level 0 are untouched images: what is left there is the bias of a finite sample. ${verdict(reports)}
"Another data set" is ${[...new Set(reports.map(({ dataset, contaminatedBy }) => `${contaminatedBy} in ${dataset}`))].join(', ')}.

${reports.map(section).join('\n')}`;
}

/** What does not rise, if anything. */
function verdict(reports: readonly DataReport[]): string {
  const ladders = reports.flatMap(({ byExtractor }) => byExtractor.flatMap((one) => one.ladders));
  const flat = ladders.filter(({ rises }) => !rises).length;
  return flat === 0 ? `All ${ladders.length} curves rise at every level.` : `${flat} of ${ladders.length} curves do not rise at every level: **bold**.`;
}

function section({ dataset, samples, byExtractor }: DataReport): string {
  const rows = byExtractor.flatMap(({ extractor, ladders }) =>
    ladders.map(({ name, rungs, rises }) => {
      const found = rungs.map(({ level, distance }, i) => {
        const falls = i > 0 && distance <= (rungs[i - 1]?.distance ?? 0);
        const text = `${level}: ${Number(distance.toPrecision(3)).toLocaleString('en')}`;
        return falls ? `**${text}**` : text;
      });
      return `| ${name} | \`${extractor}\` | ${rises ? 'yes' : '**no**'} | ${found.join(', ')} |`;
    }),
  );
  return `## ${dataset}

${samples.toLocaleString('en')} images on either side.

![Distances by the level of each disturbance](images/disturbances-${dataset}.svg)

| disturbance | extractor | rises | distance by level |
|---|---|---|---|
${rows.join('\n')}
`;
}
