import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { EngineError, UsageError } from '@ganzoo/core';
import type { CellEvent } from './cell/events.js';
import type { ChildAnswers, ChildTask, FromChild, ToChild } from './child.js';

export interface InChildOptions {
  readonly onEvent?: ((event: CellEvent) => void) | undefined;
  /** Asks the child to stop; it still answers. */
  readonly signal?: AbortSignal | undefined;
  /** Passes on what the child's libraries print. */
  readonly debug?: boolean | undefined;
}

/** The child ended without an answer: its library crashed, or the system killed it. */
export class ChildDiedError extends EngineError {}

/**
 * Does a task in a process of its own, because there is one engine per process and a library can crash it.
 * @throws {UsageError | EngineError} what the task threw.
 * @throws {ChildDiedError} when the process died.
 */
export async function inChild<T extends ChildTask>(task: T, { debug = false, ...options }: InChildOptions = {}): Promise<ChildAnswers[T['task']]> {
  const child = new Child(debug);
  try {
    return await child.perform(task, options);
  } finally {
    child.end();
  }
}

/** A process that does tasks one after the other, on the engine of the first. */
export class Child {
  private readonly process: ChildProcess;
  private readonly lastLine: () => string;

  /** @param debug passes on what its libraries print. */
  constructor(debug: boolean) {
    this.process = start(debug);
    this.lastLine = lastLines(this.process);
    this.process.on('error', () => undefined); // told to whoever waits for an answer; when nobody does, it shows at the next task
  }

  get alive(): boolean {
    const { connected, exitCode, signalCode } = this.process;
    return connected && exitCode === null && signalCode === null;
  }

  /** See {@link inChild}. */
  async perform<T extends ChildTask>(task: T, { onEvent, signal }: Omit<InChildOptions, 'debug'> = {}): Promise<ChildAnswers[T['task']]> {
    const { process } = this;
    const dead = (code = process.exitCode, killer = process.signalCode): ChildDiedError => died(code, killer, this.lastLine());
    if (!this.alive) throw dead();
    const stop = (): void => post(process, { task: 'stop' });
    signal?.addEventListener('abort', stop);
    const listeners: [event: string, listener: (...given: never[]) => void][] = [];
    try {
      return await new Promise((resolve, reject) => {
        listeners.push(
          ['message', (message: FromChild) => {
            if (message.type === 'event') onEvent?.(message.event);
            else if (message.type === 'answer') resolve(message.answer as ChildAnswers[T['task']]);
            else reject(errorOf(message));
          }],
          ['error', () => reject(dead())],
          ['exit', (code: number | null, killer: NodeJS.Signals | null) => reject(dead(code, killer))],
        );
        for (const [event, listener] of listeners) process.on(event, listener as () => void);
        post(process, task);
        if (signal?.aborted === true) stop();
      });
    } finally {
      signal?.removeEventListener('abort', stop);
      for (const [event, listener] of listeners) process.off(event, listener as () => void);
    }
  }

  /** @param held whether it keeps this process alive. One that has nothing to do should not: it ends with it. */
  hold(held: boolean): void {
    const { process } = this;
    for (const one of [process, process.channel, process.stderr as Socket | null]) one?.[held ? 'ref' : 'unref']();
  }

  end(): void {
    if (this.alive) this.process.disconnect(); // it exits then
  }
}

function start(debug: boolean): ChildProcess {
  // From source (tests, tools) the child runs from source too.
  const fromSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(fromSource ? './child.ts' : './child.js', import.meta.url));
  return fork(file, [], {
    execArgv: fromSource ? ['--conditions=@ganzoo/source', '--import', import.meta.resolve('tsx')] : [],
    serialization: 'json',
    stdio: ['ignore', 'ignore', debug ? 'inherit' : 'pipe', 'ipc'],
  });
}

function post(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message);
}

/** The end of what the child printed on standard error, for the message when it dies. */
function lastLines(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000)));
  return () => text.trim().split('\n').at(-1) ?? '';
}

function died(code: number | null, killer: NodeJS.Signals | null, lastLine: string): ChildDiedError {
  const how = killer === null ? `ended with code ${code}` : `was killed by ${killer}`;
  const remedy = killer === 'SIGKILL' ? 'It may have run out of memory: try a smaller batchSize.' : "Run again with --debug for all that it printed, or see 'ganzoo doctor'.";
  return new ChildDiedError(`The process that did the work ${how}${lastLine === '' ? '' : ` (${lastLine})`}.`, { remedy });
}

function errorOf({ message, remedy, exitCode, stack }: Extract<FromChild, { type: 'error' }>): Error {
  const error = exitCode === 2 ? new UsageError(message, { remedy }) : new EngineError(message, { remedy });
  if (stack !== undefined) error.stack = stack;
  return error;
}
