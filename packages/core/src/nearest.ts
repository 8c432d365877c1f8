import { distance } from 'fastest-levenshtein';

/** Up to three of `known` that a reader may have meant by `name`, nearest first. */
export function nearest(name: string, known: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return known
    .map((word) => ({ word, edits: distance(wanted, word.toLowerCase()), within: word.toLowerCase().startsWith(wanted) }))
    .filter(({ edits, word, within }) => within || edits <= Math.max(2, Math.floor(word.length / 3)))
    .sort((one, other) => one.edits - other.edits)
    .slice(0, 3)
    .map(({ word }) => word);
}
