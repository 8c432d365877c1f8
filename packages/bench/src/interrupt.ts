import { constants } from 'node:os';
import { Interrupted } from './failure.js';

/** Ctrl-C and its like: the first time a wish to stop after the step under way, the second time the end. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** @throws {Interrupted} when the wish has come. @param message what was done, and how to go on. */
  check(message: string): void;
  dispose(): void;
}

/** @param onStop called at the first signal. */
export function watchInterrupt(onStop: () => void): Interrupt {
  const controller = new AbortController();
  let exitCode = 0;
  const listen = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(exitCode);
    exitCode = 128 + constants.signals[signal];
    onStop();
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, listen);
  return {
    signal: controller.signal,
    check(message) {
      if (controller.signal.aborted) throw new Interrupted(message, exitCode);
    },
    dispose() {
      for (const signal of signals) process.off(signal, listen);
    },
  };
}
