/**
 * Compiles `src/wasm/assembly` (AssemblyScript) to WebAssembly and writes it into `src/wasm/simd-module.generated.ts`, so that
 * the kernels travel as plain source: no file to find at run time, in Node, in a bundle or in a browser.
 *
 *   npx tsx scripts/build-simd.ts            compile and write
 *   npx tsx scripts/build-simd.ts --check    compile and compare with what is committed; exit code 1 if they differ
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { main as compile } from 'assemblyscript/asc';

const OUTPUT = new URL('../src/wasm/simd-module.generated.ts', import.meta.url);

/** For memory of the backend's own, or for memory that threads share: a module takes one kind only. */
const MEMORIES = {
  SIMD_MODULE_BASE64: [],
  SHARED_SIMD_MODULE_BASE64: ['--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'threads'],
} as const;

type Binary = Uint8Array<ArrayBuffer>;

/** The modules by the names of their constants. */
export async function compileSimdModules(): Promise<[name: string, binary: Binary][]> {
  return Promise.all(Object.entries(MEMORIES).map(async ([name, options]) => [name, await compileSimdModule(options)] as [string, Binary]));
}

async function compileSimdModule(memory: readonly string[]): Promise<Binary> {
  let binary: Binary | undefined;
  const { error, stderr } = await compile(
    [
      'index.ts', '--outFile', 'simd.wasm', '--baseDir', fileURLToPath(new URL('../src/wasm/assembly', import.meta.url)),
      '-O3', '--converge', '--noAssert', '--runtime', 'stub', '--importMemory', '--noExportMemory', '--enable', 'simd', '--use', 'abort=', ...memory,
    ],
    { writeFile: (_name: string, contents: Uint8Array | string) => { if (typeof contents !== 'string') binary = Uint8Array.from(contents); } },
  );
  if (error || !binary) throw new Error(`AssemblyScript refused the kernels.\n${stderr.toString()}`);
  assertOwnsNoMemory(binary);
  return binary;
}

/** The module lives in memory that belongs to the backend: a data segment would overwrite the backend's own. */
function assertOwnsNoMemory(binary: Binary): void {
  const DATA_SECTION = 11;
  const module = new WebAssembly.Module(binary);
  if (sections(binary).includes(DATA_SECTION)) throw new Error('The kernels must not have static data.');
  const foreign = WebAssembly.Module.imports(module).filter((item) => item.kind !== 'memory');
  if (foreign.length > 0) throw new Error(`The kernels must import nothing but memory, not ${JSON.stringify(foreign)}.`);
  if (WebAssembly.Module.exports(module).some((item) => item.kind === 'memory')) throw new Error('The kernels must not have a memory of their own.');
}

/** Ids of the sections of a WebAssembly binary, in order. */
function sections(binary: Uint8Array): number[] {
  const ids: number[] = [];
  let at = 8;
  while (at < binary.length) {
    ids.push(binary[at++] ?? 0);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    at += size;
  }
  return ids;
}

export function generatedSource(binaries: readonly [name: string, binary: Uint8Array][]): string {
  const constants = binaries.map(([name, binary]) => {
    const lines = Buffer.from(binary).toString('base64').match(/.{1,120}/g) ?? [];
    return `export const ${name} =\n  '${lines.join("' +\n  '")}';`;
  });
  return ['// Written by scripts/build-simd.ts from assembly/. Not to be edited by hand.', ...constants, ''].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const source = generatedSource(await compileSimdModules());
  if (!process.argv.includes('--check')) {
    await writeFile(OUTPUT, source);
  } else if ((await readFile(OUTPUT, 'utf8')) !== source) {
    console.error('src/wasm/simd-module.generated.ts is older than src/wasm/assembly. Run: npx tsx scripts/build-simd.ts');
    process.exitCode = 1;
  }
}
