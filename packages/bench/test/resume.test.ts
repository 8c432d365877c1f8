import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CellResult } from '../src/cell/result.js';
import { ganzoo, start, temporaryFolder, TINY } from './cli.js';

const ARGS = ['bench', '--engine', 'wasm', ...TINY, '--steps', '60', '--eval-every', '10'] as const;

async function onlyResult(run: string): Promise<CellResult> {
  const name = (await readdir(path.join(run, 'cells'))).find((file) => file.endsWith('.json'));
  return JSON.parse(await readFile(path.join(run, 'cells', name as string), 'utf8')) as CellResult;
}

/** Small installations of Linux have no pgrep, and macOS has no /proc. */
function childrenOf(pid: number): number[] {
  if (process.platform !== 'linux') return spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid).map(Number);
}

/** @param pid of any process, which may have ended since it was listed. */
function parentOf(pid: string): number | undefined {
  try {
    return Number(/\) \S (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

/** Runs until a line of progress says so, then sends the signal, to the command or to the process of the cell, its only child. */
async function interruptAt(text: string, signal: 'SIGKILL' | 'SIGINT', run: string, whom: 'command' | 'cell' = 'command'): Promise<{ exitCode: number | undefined; stderr: string }> {
  const child = start([...ARGS, '--out', run]);
  child.stderr.on('data', (chunk: Buffer) => {
    if (!chunk.toString().includes(text)) return;
    if (whom === 'command') child.kill(signal);
    else for (const pid of childrenOf(child.pid as number)) process.kill(pid, signal);
  });
  const { exitCode, stderr } = await child;
  return { exitCode, stderr };
}

/** All of a result that does not depend on the clock. */
function timeless({ seconds: _seconds, imagesPerSecond: _speed, msPerStep: _ms, peakRssBytes: _rss, finishedAt: _at, losses: _windows, ...others }: CellResult): unknown {
  return others;
}

describe('a bench that is stopped and run again', () => {
  it('ends with the weights and scores of one that was never stopped, to the bit', async () => {
    const folder = await temporaryFolder();
    const [whole, killed, stopped, failed] = ['whole', 'killed', 'stopped', 'failed'].map((name) => path.join(folder, name)) as [string, string, string, string];
    expect(await ganzoo(...ARGS, '--out', whole)).toMatchObject({ exitCode: 0 });
    const expected = await onlyResult(whole);
    expect(expected).toMatchObject({ status: 'finished', steps: 60, imagesShown: 240 });

    await interruptAt('step 30: fid-', 'SIGKILL', killed);
    expect((await readdir(path.join(killed, 'cells'))).filter((name) => name.endsWith('.json'))).toEqual([]);
    const resumed = await ganzoo(...ARGS, '--out', killed);
    expect(resumed.stderr).toMatch(/goes on from step [34]0/);
    expect(timeless(await onlyResult(killed))).toEqual(timeless(expected));

    const interrupted = await interruptAt('step 20: fid-', 'SIGINT', stopped);
    expect(interrupted.exitCode).toBe(130);
    expect(interrupted.stderr).toContain(`To go on: ganzoo bench --resume ${stopped}`);
    expect(await ganzoo('bench', '--resume', stopped)).toMatchObject({ exitCode: 0 });
    expect(timeless(await onlyResult(stopped))).toEqual(timeless(expected));

    const { stderr } = await interruptAt('step 30: fid-', 'SIGKILL', failed, 'cell'); // as the system does when memory is used up
    expect(stderr).toContain(`1 of 1 cells failed. To try again, from the last checkpoint of each: ganzoo bench --resume ${failed} --retry-failed`);
    expect(await onlyResult(failed)).toMatchObject({ status: 'failed', failure: { reason: expect.stringContaining('SIGKILL') as string } });
    const retried = await ganzoo('bench', '--resume', failed, '--retry-failed');
    expect(retried.stderr).toMatch(/goes on from step [34]0/);
    expect(timeless(await onlyResult(failed))).toEqual(timeless(expected));

    const again = await ganzoo(...ARGS, '--out', whole);
    expect(again.stderr).not.toContain('step 10'); // nothing is run twice
    expect(await onlyResult(whole)).toEqual(expected);
  }, 300_000); // nine processes
});

it('a bench goes on with another number of cells at a time', async () => {
  const run = path.join(await temporaryFolder(), 'run');
  const args = ['--engine', 'wasm', ...TINY.slice(0, -1), '0,1', '--steps', '4'];
  expect(await ganzoo('bench', ...args, '--jobs', '2', '--out', run)).toMatchObject({ exitCode: 0 });
  const byId = (cells: readonly CellResult[]): unknown[] => cells.map((cell) => timeless(cell)).sort((one, other) => ((one as CellResult).id < (other as CellResult).id ? -1 : 1));
  const names = (await readdir(path.join(run, 'cells'))).filter((file) => file.endsWith('.json'));
  const expected = byId(await Promise.all(names.map(async (name) => JSON.parse(await readFile(path.join(run, 'cells', name), 'utf8')) as CellResult)));
  await rm(path.join(run, 'cells'), { recursive: true });

  const resumed = await ganzoo('bench', '--resume', run, '--jobs', '1', '--json');
  expect(resumed.stderr).toMatch(/seed 0 finished[^]*\[2\/2\] dcgan on glyphs/); // the second begins when the first has ended
  expect(byId((JSON.parse(resumed.stdout) as { cells: CellResult[] }).cells)).toEqual(expected);
});
