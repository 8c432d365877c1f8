import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { inPage as InPage } from './browser/page.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
const ON_SWIFTSHADER = ['--enable-unsafe-webgpu', '--enable-features=Vulkan,WebGPU', '--use-webgpu-adapter=swiftshader', '--use-angle=swiftshader'];

/** Of the page's global scope. */
declare const inPage: typeof InPage;

/** The page with its script on localhost, where browsers allow WebGPU without https. */
async function servePage(): Promise<Server> {
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
  const server = createServer(({ url }, response) => {
    if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(outputFiles[0]?.text);
    else response.setHeader('content-type', 'text/html').end('<!doctype html><title>ganzoo</title><script type="module" src="page.js"></script>');
  });
  await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve));
  return server;
}

describe.skipIf(CHROMIUM === undefined)('in a browser (Chromium on SwiftShader)', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => void (server = await servePage()));
  afterAll(() => void server.close());
  beforeEach(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM as string, args: ON_SWIFTSHADER });
    page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'inPage' in globalThis);
  });
  afterEach(() => (browser as Browser | undefined)?.close());

  it('the engine webgpu trains, and a replayed run goes as one operation by operation', async () => {
    const result = await page.evaluate(() => inPage.trainBothWays());
    expect(result).toMatchObject({ device: expect.stringMatching(/swiftshader/i) as string, eager: { samples: 2 * 784 }, replayed: { samples: 2 * 784, untraced: {} } });
    expect(result.eager.losses).toHaveLength(8);
    result.replayed.losses.forEach((loss, i) => expect(loss).toBeCloseTo(result.eager.losses[i] as number, 4));
  });

  it('a GPU that is lost ends the training, and the error says so', async () => {
    const underWay = page.waitForEvent('console', { predicate: (message) => message.text() === 'under way', timeout: 0 });
    const ended = page.evaluate(() => inPage.trainOnAndOn());
    await Promise.race([underWay, ended.then((result) => Promise.reject(new Error(JSON.stringify(result))))]);
    await (await browser.newBrowserCDPSession()).send('Browser.crashGpuProcess');
    expect(await ended).toEqual({ name: 'EngineError', message: expect.stringMatching(/^The GPU was lost: .+/) as string, remedy: 'Go on from the last checkpoint.' });
  });
});
