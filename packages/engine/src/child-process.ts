import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { ChildAnswer, ChildTask } from './child.js';

/** Seconds after which a child that computes for milliseconds must be hanging. */
const PATIENCE = 120;

/**
 * Does a task in a process of its own, because there is one engine per process and a broken library can kill it.
 * Never throws: a child that crashes is an answer too.
 * @param env added to this process's.
 */
export async function inChildProcess(task: ChildTask, env: Readonly<Record<string, string>> = {}): Promise<ChildAnswer> {
  // From source (tests, tools) the child runs from source too.
  const fromSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(fromSource ? './child.ts' : './child.js', import.meta.url));
  const nodeOptions = fromSource ? ['--conditions=@ganzoo/source', '--import', import.meta.resolve('tsx')] : [];
  const result = await execa(process.execPath, [...nodeOptions, file, JSON.stringify(task)], {
    ipc: true,
    serialization: 'json',
    reject: false,
    stdin: 'ignore',
    env,
    timeout: PATIENCE * 1000,
  });
  const answer = result.ipcOutput[0] as ChildAnswer | undefined;
  if (answer !== undefined) return answer;
  const how = result.timedOut ? `did not end within ${PATIENCE} s` : result.signal ? `was killed by ${result.signal}` : `ended with code ${result.exitCode}`;
  const lastLine = result.stderr.trim().split('\n').at(-1);
  return { ok: false, reason: `The process that tried it ${how}${lastLine ? ` (${lastLine})` : ''}.`, remedy: 'Its processor or system may lack what the library needs.' };
}
