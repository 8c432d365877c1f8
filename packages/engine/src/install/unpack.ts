import { EngineError } from '@ganzoo/core';
import path from 'node:path';
import { type RunOptions, runTool, tail } from './tools.js';

/**
 * Python has both archive formats in its standard library and is there anyway, for pip. Only what is wanted reaches the
 * disk (of a wheel's 1.2 GB, two libraries and a few headers), without the prefix that made it wanted when it ends in '/'.
 */
const SCRIPT = `
import os, shutil, sys, tarfile, zipfile
archive, target, keep_prefix, *wanted = sys.argv[1:]
def members():
    if archive.endswith('.tgz'):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile(): yield member.name, lambda: tar.extractfile(member)
    else:
        with zipfile.ZipFile(archive) as wheel:
            for member in wheel.infolist():
                if not member.is_dir(): yield member.filename, lambda: wheel.open(member)
root = os.path.realpath(target)
for name, open_member in members():
    prefix = next((prefix for prefix in wanted if name.startswith(prefix)), None)
    if prefix is None: continue
    relative = name if keep_prefix == 'keep' else name[len(prefix):]
    file = os.path.realpath(os.path.join(root, relative))
    if not file.startswith(root + os.sep): sys.exit('a path leaves the target: ' + name)
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open_member() as source, open(file, 'wb') as out: shutil.copyfileobj(source, out, 1 << 20)
`;

/**
 * Unpacks the members of a `.tgz` or `.whl` whose names begin with one of `prefixes`.
 * @param keep keep that prefix in the path of what is written.
 */
export async function unpack(archive: string, target: string, prefixes: readonly string[], python: string, options: RunOptions, keep = false): Promise<void> {
  const result = await runTool(python, ['-c', SCRIPT, archive, target, keep ? 'keep' : 'strip', ...prefixes], options);
  if (!result.ok) {
    throw new EngineError(`${path.basename(archive)} could not be unpacked: ${tail(result.output, 1) || result.reason}`, {
      remedy: "If the disk is full, free some space; else run 'ganzoo engine install' again.",
    });
  }
}
