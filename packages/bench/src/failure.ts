import { GanzooError } from '@ganzoo/core';
import { CommanderError } from 'commander';
import { colors } from './progress/index.js';

/** The user interrupted: no error, but the work is not done. */
export class Interrupted extends Error {
  constructor(
    message: string,
    /** 128 and the signal's number, as shells have it. */
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/**
 * Tells the user what went wrong: one sentence that names it and one that says what to do; the stack only with `debug`.
 * @returns the exit code: 2 for a wrong call, 1 for everything else.
 */
export function reportError(error: unknown, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it
  const { err } = colors;
  if (error instanceof Interrupted) {
    process.stderr.write(`${err.yellow('stopped:')} ${error.message}\n`);
    return error.exitCode;
  }
  const known = error instanceof GanzooError;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const remedy = known ? error.remedy : 'This is an error of ganzoo: please report it with the output of --debug.';
  process.stderr.write(`${err.red('error:')} ${message}\n${remedy}\n`);
  if (debug && stack !== undefined) process.stderr.write(`${err.dim(stack)}\n`);
  return known ? error.exitCode : 1;
}
