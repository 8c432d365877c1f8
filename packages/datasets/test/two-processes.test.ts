import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { hexOf } from './helpers/files.js';
import { serve } from './helpers/server.js';
import { temporaryFolder } from './helpers/temporary.js';

const run = promisify(execFile);

it('two processes that want the same file at once download it once', { timeout: 60_000 }, async () => {
  const file = new Uint8Array(20_000).fill(7);
  const server = await serve(async (_, response) => {
    response.writeHead(200, { 'Content-Length': file.length }).write(file.subarray(0, 10_000));
    await sleep(2_000); // long enough for the other process to come
    response.end(file.subarray(10_000));
  });
  const target = path.join(temporaryFolder(), 'file');
  const script = fileURLToPath(new URL('./helpers/download-once.ts', import.meta.url));
  const arguments_ = ['--conditions=@ganzoo/source', '--import', 'tsx', script, server.url, target, hexOf('sha256', file)];
  await Promise.all([run(process.execPath, arguments_), run(process.execPath, arguments_)]);
  expect(server.ranges).toHaveLength(1);
  expect(Uint8Array.from(readFileSync(target))).toEqual(file);
});
