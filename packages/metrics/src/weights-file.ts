// This file lies directly in `src`, and its build in `dist`, so that `../weights` is right from both.

/** Address of a file in the package's folder of weights. */
export function weightsUrl(file: string): URL {
  return new URL(`../weights/${file}`, import.meta.url);
}

/** The bytes at an address: read from disk for `file:` (Node), fetched otherwise (browser). */
export async function fetchWeights(url: URL): Promise<Uint8Array> {
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises');
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
