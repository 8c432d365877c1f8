import { describeConfig } from '@ganzoo/core';
import { datasets } from '@ganzoo/datasets';
import { extractors } from '@ganzoo/metrics';
import { Argument, type Command } from 'commander';
import { discoverVariants, loadVariant } from '../discover.js';
import { count, table } from '../format.js';
import { colors } from '../progress/index.js';

const KINDS = ['variants', 'datasets', 'extractors'] as const;
type Kind = (typeof KINDS)[number];

export function addLs(program: Command): void {
  program
    .command('ls')
    .description('List what there is: variants with every field of their configs, data sets, feature extractors.')
    .addArgument(new Argument('[kind]', 'one kind only').choices(KINDS))
    .option('--json', 'print as JSON on standard output')
    .option('--debug', 'stack traces')
    .addHelpText('after', '\nExamples:\n  ganzoo ls\n  ganzoo ls variants\n  ganzoo ls datasets --json')
    .action(ls);
}

async function ls(kind: Kind | undefined, { json = false }: { readonly json?: boolean }): Promise<void> {
  const wanted = kind === undefined ? KINDS : [kind];
  const found: Partial<Record<Kind, unknown>> = {};
  const texts: string[] = [];
  if (wanted.includes('variants')) {
    const variants = await listVariants();
    found.variants = variants;
    texts.push(variants.map(variantText).join('\n\n'));
  }
  if (wanted.includes('datasets')) {
    // Images are in [-1, 1]; points are as they are.
    found.datasets = Object.values(datasets).map(({ load: _load, ...plain }) => ({ ...plain, kind: plain.sizes.length > 0 ? 'images' : 'vectors', range: plain.sizes.length > 0 ? [-1, 1] : null }));
    texts.push(datasetsText());
  }
  if (wanted.includes('extractors')) {
    found.extractors = Object.entries(extractors).map(([name, facts]) => ({ name, ...facts }));
    texts.push([title('extractors'), ...Object.entries(extractors).map(([name, { trainedOn }]) => `  ${name.padEnd(16)}  trained on ${trainedOn}`)].join('\n'));
  }
  process.stdout.write(json ? `${JSON.stringify(found, null, 1)}\n` : `${texts.join('\n\n')}\n`);
}

async function listVariants() {
  return Promise.all(
    discoverVariants().map(async (listing) => {
      const { name, paper, task, requires, config } = await loadVariant(listing);
      return { name, package: listing.from, version: listing.version, task, requires, paper, config: describeConfig(config) };
    }),
  );
}

function variantText({ name, package: from, version, paper, config }: Awaited<ReturnType<typeof listVariants>>[number]): string {
  const { out } = colors;
  const names = Math.max(...config.map((field) => field.name.length));
  const defaults = Math.max(...config.map((field) => JSON.stringify(field.default).length));
  return [
    `${out.bold(name)}  ${from} ${version}`,
    out.dim(`${paper.authors} ${paper.year}: ${paper.title} (${paper.url})`),
    ...config.map((field) => `  ${field.name.padEnd(names)}  ${JSON.stringify(field.default).padEnd(defaults)}  ${out.dim(field.from.padEnd("authors' code".length))}  ${field.help}${field.unit === undefined ? '' : ` (${field.unit})`}`),
  ].join('\n');
}

function datasetsText(): string {
  const rows = Object.values(datasets).map(({ name, sizes, splits, classes, description }) => [`  ${name}`, `${sizes.join(', ')} px`, `${count(splits.train)} + ${count(splits.validation)} + ${count(splits.test)}`, `${classes} classes`, description]);
  const lines = table(rows.map((row) => row.slice(0, 4)));
  return [`${title('data sets')} ${colors.out.dim('(train + validation + test)')}`, ...lines.map((line, i) => `${line}  ${colors.out.dim(rows[i]?.[4] ?? '')}`)].join('\n');
}

function title(text: string): string {
  return colors.out.bold(text);
}
