import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';

/** What the installer must know of the machine, as a value, so that every check can be tested. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** `20.19.0` */
  readonly nodeVersion: string;
  /** Version of the GNU C library, on Linux with one. TensorFlow's wheels need it. */
  readonly glibc: string | undefined;
  /** Tools are looked for in its PATH and run with it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An NVIDIA driver answers on this machine. */
  readonly nvidiaDriver: boolean;
  /** Free bytes for this user on the disk of a folder that need not exist yet. */
  freeBytes(folder: string): Promise<number>;
}

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    glibc: glibcVersion(),
    env: process.env,
    nvidiaDriver: hasNvidiaDriver(),
    freeBytes,
  };
}

/** A kernel driver, or Windows' one inside WSL: `nvidia-smi` alone is no test, some containers lack it. */
export function hasNvidiaDriver(): boolean {
  return existsSync('/dev/nvidiactl') || existsSync('/usr/lib/wsl/lib/libcuda.so.1');
}

function glibcVersion(): string | undefined {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime;
}

async function freeBytes(folder: string): Promise<number> {
  let existing = path.resolve(folder);
  while (!existsSync(existing)) existing = path.dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  return bavail * bsize;
}
