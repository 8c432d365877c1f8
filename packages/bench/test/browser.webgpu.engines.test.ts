import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));

interface Result {
  readonly device: string;
  readonly eager: { readonly losses: number[]; readonly samples: number };
  readonly replayed: { readonly losses: number[]; readonly samples: number; readonly untraced: object };
}

/** Opens the page in a Chromium that has WebGPU, and waits for what it sends. */
async function openPage(script: string): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ganzoo-chromium-'));
  const server = createServer();
  const received = new Promise<string>((resolve) => server.on('request', (request, response) => {
    if (request.method === 'POST') {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts).toString()));
      response.end();
    } else if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end('<!doctype html><title>ganzoo</title><script type="module" src="page.js"></script>');
  }));
  await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const flags = ['--headless=new', '--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan,WebGPU', '--use-webgpu-adapter=swiftshader', '--use-angle=swiftshader'];
  const browser = spawn(CHROMIUM as string, [...flags, `--user-data-dir=${folder}`, '--remote-debugging-port=0', `http://localhost:${port}/`], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => browser.on('exit', resolve));
  try {
    return JSON.parse(await Promise.race([received, ended.then((code) => `{"error":"Chromium ended with code ${code}"}`)])) as Result;
  } finally {
    browser.kill();
    await ended;
    server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

describe.skipIf(CHROMIUM === undefined)('in a browser (Chromium on SwiftShader)', () => {
  it('the engine webgpu trains, and a replayed run goes as one operation by operation', async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('browser/page.ts', import.meta.url))],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      conditions: ['@ganzoo/source', 'import', 'browser'],
      mainFields: ['module', 'main'],
      target: 'es2022',
    });
    const result = await openPage(outputFiles[0]?.text ?? '');
    expect(result).toMatchObject({ device: expect.stringMatching(/swiftshader/i) as string, eager: { samples: 2 * 784 }, replayed: { samples: 2 * 784, untraced: {} } });
    expect(result.eager.losses).toHaveLength(8);
    result.replayed.losses.forEach((loss, i) => expect(loss).toBeCloseTo(result.eager.losses[i] as number, 4));
  });
});
