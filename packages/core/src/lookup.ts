import type { Lookup } from './variant.js';

/** @param what names the collection in the error: `the plan's scalars`. */
export function lookup<T>(what: string, values: Readonly<Record<string, T>>): Lookup<T> {
  return {
    get(name) {
      const value = values[name];
      if (value === undefined) throw new Error(`There is no '${name}' among ${what} (${Object.keys(values).join(', ') || 'none'}).`);
      return value;
    },
  };
}
