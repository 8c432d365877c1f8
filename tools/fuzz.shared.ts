import * as fc from 'fast-check';

/** A parser under attack. */
export interface FuzzTarget {
  /** Intact files, from which the damaged ones are made. */
  readonly intact: readonly Uint8Array[];
  /** Takes damaged bytes; a promise is waited for. */
  readonly parse: (bytes: Uint8Array) => unknown;
  /** Whether this is how the parser refuses: its own error, not one that slipped through. */
  readonly isRefusal: (error: unknown) => boolean;
}

export interface FuzzReport {
  readonly runs: number;
  /** Share of inputs that were refused, 0 .. 1. */
  readonly refused: number;
  /** In milliseconds. */
  readonly slowest: number;
  /** By which the process grew at most, in MiB. */
  readonly growth: number;
}

/** What happens to a file: a few of these, one after the other. `at` and `length` are shares of the file. */
interface Damage {
  readonly kind: 'bit' | 'byte' | 'word' | 'cut' | 'remove' | 'repeat' | 'swap' | 'insert';
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

/** Numbers that parsers stumble over, as sizes, counts and offsets. */
const HOSTILE = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

const damage = fc.record<Damage>({
  kind: fc.constantFrom('bit', 'byte', 'word', 'cut', 'remove', 'repeat', 'swap', 'insert'),
  // Headers are at the beginning and at the end: half of the damage is done there.
  at: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.02, noNaN: true }), fc.double({ min: 0.98, max: 1, noNaN: true })),
  length: fc.double({ min: 0, max: 0.2, noNaN: true }),
  value: fc.oneof(fc.constantFrom(...HOSTILE), fc.nat(0xffffffff)),
});

/**
 * Parses damaged files, `FUZZ_RUNS` of them (default 2,000), from the seed `FUZZ_SEED` (default 1).
 * @throws the counterexample, made as small as can be, when the parser throws what is no refusal
 */
export async function fuzz({ intact, parse, isRefusal }: FuzzTarget): Promise<FuzzReport> {
  const runs = Number(process.env.FUZZ_RUNS ?? 2000);
  const before = process.resourceUsage().maxRSS;
  let [refused, slowest] = [0, 0];
  const attacked = fc.asyncProperty(fc.nat(intact.length - 1), fc.array(damage, { minLength: 1, maxLength: 6 }), async (which, damages) => {
    const bytes = damages.reduce(damaged, intact[which] as Uint8Array);
    const started = performance.now();
    try {
      await parse(bytes);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused += 1;
    }
    slowest = Math.max(slowest, performance.now() - started);
  });
  await fc.assert(attacked, { numRuns: runs, seed: Number(process.env.FUZZ_SEED ?? 1) });
  return { runs, refused: refused / runs, slowest, growth: (process.resourceUsage().maxRSS - before) / 1024 };
}

function damaged(bytes: Uint8Array, { kind, at, length, value }: Damage): Uint8Array {
  const from = Math.min(Math.floor(at * bytes.length), Math.max(0, bytes.length - 1));
  const to = Math.min(bytes.length, from + Math.ceil(length * bytes.length));
  const out = Buffer.from(bytes);
  if (kind === 'cut') return out.subarray(0, from);
  if (kind === 'remove') return Buffer.concat([out.subarray(0, from), out.subarray(to)]);
  if (kind === 'repeat') return Buffer.concat([out.subarray(0, to), out.subarray(from)]);
  if (kind === 'insert') return Buffer.concat([out.subarray(0, from), Buffer.alloc(1 + (value % 64), value & 255), out.subarray(from)]);
  if (out.length === 0) return out;
  if (kind === 'bit') out[from] = (out[from] as number) ^ (1 << (value & 7));
  else if (kind === 'byte') out[from] = value & 255;
  else if (kind === 'swap') out.copyWithin(from, 0, to - from);
  else if (from + 4 <= out.length) out[length < 0.1 ? 'writeUInt32BE' : 'writeUInt32LE'](value, from);
  return out;
}
