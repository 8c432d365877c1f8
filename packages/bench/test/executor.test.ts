import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CellJob } from '../src/cell/job.js';
import { settingsOf } from '../src/commands/run-options.js';
import type { EngineFacts } from '../src/engine-facts.js';
import { childExecutor, type Executor } from '../src/executor.js';
import { placeCell, planCells } from '../src/plan.js';

let cells = '';
beforeAll(() => void (cells = mkdtempSync(path.join(tmpdir(), 'ganzoo-test-'))));
afterAll(() => rmSync(cells, { recursive: true, force: true }));

/** Processes that this one has started to run cells. */
function processes(): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [pid, parent, ...command] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && command.some((word) => word.endsWith('child.ts')) ? [Number(pid)] : [];
  });
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function jobs(engine: EngineFacts, count: number): Promise<CellJob[]> {
  const settings = { ...settingsOf({ suite: 'mixtures', engine: 'js', steps: 1, samples: 100 }), variants: ['gan'], datasets: ['ring'], seeds: Array.from({ length: count }, (_, i) => i), asked: [] };
  const planned = await planCells(settings, {});
  return planned.cells.map((cell) => placeCell({ ...cell, steps: 1 }, { settings, engine, cells, threads: undefined }));
}

const run = (executor: Executor, job: CellJob): Promise<{ status: string }> => executor.run(job, { onEvent: () => undefined, signal: new AbortController().signal });
async function gone(): Promise<void> {
  await expect.poll(processes, { timeout: 10_000 }).toEqual([]);
}

it('runs the first cell in the process that has described the engine, the next in one of its own, and leaves none', async () => {
  const executor = childExecutor(false);
  const engine = await executor.engine('js');
  const [describing] = processes();
  const [first, second] = (await jobs(engine, 2)) as [CellJob, CellJob];
  const running = run(executor, first);
  expect(processes()).toEqual([describing]);
  expect(await running).toMatchObject({ status: 'finished' });
  await gone();
  expect(await run(executor, second)).toMatchObject({ status: 'finished' });
  await gone();
}, 120_000);

it('takes another process where that one has died or has other threads', async () => {
  const executor = childExecutor(false);
  const engine = await executor.engine('js');
  const [first, second] = (await jobs(engine, 4)).slice(2) as [CellJob, CellJob];
  const described = processes()[0] as number;
  process.kill(described, 'SIGKILL');
  await expect.poll(() => isThere(described), { timeout: 10_000 }).toBe(false); // also not as one whose end nobody has noticed
  expect(await run(executor, first)).toMatchObject({ status: 'finished' });
  await executor.engine('js');
  expect(await run(executor, { ...second, threads: 1 })).toMatchObject({ status: 'finished' });
  await gone();
}, 120_000);
