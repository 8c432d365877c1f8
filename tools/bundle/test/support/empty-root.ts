import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';

/** In namespaces of its own a process may mount, and change its root, without being anybody special, and has no network. */
const APART = ['--map-root-user', '--net', '--mount', '--pid', '--fork'] as const;

/** `sh -c ENTER sh ROOT COMMAND ...`: with the kernel's files, which every machine has. */
const ENTER = 'mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" && root=$1 && shift && exec unshare --root="$root" "$@"';

/** Why no process can be started in an empty root here; undefined when one can. */
export function whyNoEmptyRoot(): string | undefined {
  if (process.platform !== 'linux') return 'bundles are for Linux.';
  const { status, stderr } = spawnSync('unshare', [...APART, 'sh', '-c', 'mount --rbind /dev /dev && mount -t proc proc /proc && unshare --root=/ true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `'unshare ${APART.join(' ')}' does not make a machine of its own here: ${stderr || 'Debian has it in util-linux.'}`;
}

/** A folder as a machine: what is not added to it is not there. */
export class EmptyRoot {
  constructor(readonly folder: string) {
    for (const name of ['proc', 'dev', 'tmp']) this.makeFolder(name);
  }

  /** @returns its path outside of the root. */
  makeFolder(name: string): string {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** The file, at its own path. */
  add(file: string): void {
    this.makeFolder(path.dirname(file));
    copyFileSync(file, path.join(this.folder, file));
  }

  addScript(file: string, text: string): void {
    this.makeFolder(path.dirname(file));
    writeFileSync(path.join(this.folder, file), text, { mode: 0o755 });
  }

  /** The shared libraries that it loads, but those of C++, which a bundle has. */
  addLibrariesOf(binary: string): void {
    const list = execFileSync('ldd', [binary], { encoding: 'utf8' });
    for (const [library] of list.matchAll(/\/\S+\.so\S*/g)) if (library !== binary && !/lib(stdc\+\+|gcc_s)\./.test(library)) this.add(library);
  }

  /** @param manifest a Vulkan driver's JSON. It is the root's own then. */
  addVulkanDriver(manifest: string): void {
    const { ICD, ...rest } = JSON.parse(readFileSync(manifest, 'utf8')) as { ICD: { library_path: string } };
    const library = ICD.library_path.includes('/') ? path.resolve(path.dirname(manifest), ICD.library_path) : systemLibrary(ICD.library_path);
    this.add(library);
    this.addLibrariesOf(library);
    this.makeFolder('/etc/vulkan/icd.d');
    writeFileSync(path.join(this.folder, '/etc/vulkan/icd.d/driver.json'), JSON.stringify({ ...rest, ICD: { ...ICD, library_path: library } }));
  }

  /** A command with nothing in its environment but what a GPU in software needs. */
  async run(command: string, args: readonly string[], { reject = true } = {}): Promise<{ stdout: string; stderr: string; exitCode?: number | undefined }> {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/tmp', VK_DRIVER_FILES: '/etc/vulkan/icd.d/driver.json', GANZOO_SOFTWARE_ADAPTER: '1' };
    return execa('unshare', [...APART, 'sh', '-c', ENTER, 'sh', this.folder, command, ...args], { reject, env, extendEnv: false });
  }
}

function systemLibrary(name: string): string {
  const line = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).split('\n').find((one) => one.trim().startsWith(`${name} `));
  const found = line?.split(' => ')[1];
  if (found === undefined) throw new Error(`There is no library ${name} on this machine.`);
  return found;
}
