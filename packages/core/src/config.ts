import { z } from 'zod';
import type { DataSpec } from './data.js';
import { ConfigError } from './errors.js';
import { nearest } from './nearest.js';
import type { Variant } from './variant.js';

/** Where a default comes from. Every field says so, because papers and their code often differ. */
export type ConfigSource = 'paper' | "authors' code" | 'ours';

export interface FieldInfo {
  readonly from: ConfigSource;
  /** One line for `--help`. */
  readonly help: string;
  /** `images`, `steps`, `pixels` ... */
  readonly unit?: string;
}

/** A field of a variant's config: a zod schema with a default, and what a reader must know of it. */
export function field<T extends z.ZodType>(schema: T, info: FieldInfo): T {
  return schema.meta({ ...info });
}

export interface ConfigField extends FieldInfo {
  readonly name: string;
  readonly default: unknown;
  /** The field's JSON schema: type, bounds, choices. */
  readonly schema: unknown;
}

/** What `ganzoo ls` and the docs print. */
export function describeConfig(schema: z.ZodObject): ConfigField[] {
  return Object.entries(schema.shape).map(([name, type]) => {
    const { from, help, unit } = (type as z.ZodType).meta() as unknown as FieldInfo;
    const { default: value, ...json } = z.toJSONSchema(type as z.ZodType, { io: 'input' }) as Record<string, unknown>;
    delete json.$schema;
    delete json.from;
    delete json.help;
    delete json.unit;
    return { name, default: value, from, help, ...(unit === undefined ? {} : { unit }), schema: json };
  });
}

/**
 * Fills in defaults and checks every value.
 * @throws {ConfigError} naming the field, the value and what is allowed; for an unknown field, the nearest names.
 */
export function resolveConfig<Schema extends z.ZodObject>(
  owner: string,
  schema: Schema,
  values: Readonly<Record<string, unknown>> = {},
): z.output<Schema> {
  const known = Object.keys(schema.shape);
  for (const name of Object.keys(values)) {
    if (!known.includes(name)) {
      throw new ConfigError(`${owner} has no config field '${name}'.`, { remedy: didYouMean(name, known) });
    }
  }
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = issue?.path.join('.') ?? '';
  throw new ConfigError(`${owner}: config field '${name}' is ${JSON.stringify(values[name])}: ${issue?.message ?? 'invalid'}.`, {
    remedy: `Give a value that fits, or leave '${name}' out for its default.`,
  });
}

/**
 * The config of a variant on data: what the user set, then the variant's defaults for such data, then its defaults.
 * @throws {ConfigError} as {@link resolveConfig}.
 */
export function configFor<Schema extends z.ZodObject>(
  variant: Pick<Variant<Schema>, 'name' | 'config' | 'defaultsFor'>,
  data: DataSpec,
  values: Readonly<Record<string, unknown>> = {},
): z.output<Schema> {
  return resolveConfig(variant.name, variant.config, { ...variant.defaultsFor?.(data), ...values });
}

/**
 * Reads `key=value` words of a command line: the value as JSON where it is JSON (`3`, `true`, `[1,2]`), else as a string.
 * @throws {ConfigError} for a word without `=`.
 */
export function parseOverrides(words: readonly string[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new ConfigError(`'${word}' is not of the form key=value.`, { remedy: 'Write for example --config latentDim=64.' });
    const text = word.slice(at + 1);
    try {
      values[word.slice(0, at)] = JSON.parse(text);
    } catch {
      values[word.slice(0, at)] = text;
    }
  }
  return values;
}

/** `Did you mean 'mnist'? There are: a, b, c.` */
export function didYouMean(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  const list = `There are: ${known.join(', ')}.`;
  return close.length === 0 ? list : `Did you mean ${close.map((word) => `'${word}'`).join(' or ')}? ${list}`;
}
