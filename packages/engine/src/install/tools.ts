import { execa, type ExecaError } from 'execa';
import type { Machine } from './machine.js';

export interface RunOptions {
  readonly machine: Pick<Machine, 'env'>;
  readonly cwd?: string;
  /** Added to the machine's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which it is stopped and has failed. */
  readonly timeout?: number;
}

export type ToolResult =
  | { readonly ok: true; readonly output: string }
  | {
      readonly ok: false;
      readonly output: string;
      readonly reason: string;
      /** There is no such program in the PATH. */
      readonly missing: boolean;
    };

/**
 * Runs a program to its end and says how that went; `output` is what it printed, both streams in order.
 * @throws the signal's reason, when it is aborted.
 */
export async function runTool(file: string, args: readonly string[], options: RunOptions): Promise<ToolResult> {
  const result = await execa(file, args, {
    env: { ...options.machine.env, ...options.env },
    extendEnv: false,
    all: true,
    reject: false,
    stdin: 'ignore',
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  options.signal?.throwIfAborted();
  if (!result.failed) return { ok: true, output: result.all };
  const { shortMessage, code } = result as unknown as ExecaError;
  return { ok: false, output: result.all ?? '', reason: shortMessage, missing: code === 'ENOENT' };
}

/** The first of these programs that runs with `args`. */
export async function firstTool(files: readonly string[], args: readonly string[], options: RunOptions): Promise<string | undefined> {
  for (const file of files) {
    if ((await runTool(file, args, options)).ok) return file;
  }
  return undefined;
}

/** Last lines of a program's output on one line, for an error's message. */
export function tail(output: string, lines = 3): string {
  return output.trim().split('\n').slice(-lines).map((line) => line.trim()).join(' | ');
}
