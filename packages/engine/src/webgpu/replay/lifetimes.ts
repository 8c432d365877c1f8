/** A value that lives from the step that makes it to the last that uses it. */
export interface Lifetime {
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

/** Which of a few pieces of memory each value is in, and how large the pieces are. */
export interface Sharing {
  readonly slots: readonly number[];
  readonly sizes: readonly number[];
}

/**
 * Puts values whose lives do not meet into the same memory. A value that dies in the step that makes another stays apart from it: one
 * operation does not read and write the same buffer.
 * @param lifetimes in the order in which they begin.
 * @param sizes pieces that there are already, from another run of the same program.
 */
export function shareMemory(lifetimes: readonly Lifetime[], sizes: readonly number[] = []): Sharing {
  const pieces = [...sizes];
  const busyUntil = pieces.map(() => -1);
  const slots = lifetimes.map(({ bytes, from, to }) => {
    const free = busyUntil.flatMap((until, slot) => (until < from ? [slot] : []));
    const fits = free.filter((slot) => (pieces[slot] as number) >= bytes).sort((a, b) => (pieces[a] as number) - (pieces[b] as number));
    // None fits: the largest that is free grows.
    const [slot = pieces.push(0) - 1] = fits.length > 0 ? fits : free.sort((a, b) => (pieces[b] as number) - (pieces[a] as number));
    pieces[slot] = Math.max(pieces[slot] as number, bytes);
    busyUntil[slot] = to;
    return slot;
  });
  return { slots, sizes: pieces };
}
