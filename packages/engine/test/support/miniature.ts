import { existsSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installOnce } from '../../src/install/once.js';

/**
 * A process that makes a miniature installation in `folder`: two small files with a pause between them, instead of 850 MB.
 * It notes in `log` what it does. `wait` means: pause until somebody makes the file `go`, else 300 ms.
 */
const [folder = '', mode = ''] = process.argv.slice(2);
const note = (text: string): Promise<void> => appendFile(path.join(folder, 'log'), `${text}\n`);

const { alreadyThere } = await installOnce({
  target: path.join(folder, 'engines/mini-r1'),
  key: 'mini-r1',
  versions: { mini: '1' },
  onWait: () => void note('waits'),
  async build(staging) {
    await note('builds');
    await writeFile(path.join(staging, 'library'), 'library');
    process.send?.('half made');
    if (mode === 'wait') while (!existsSync(path.join(folder, 'go'))) await sleep(20);
    else await sleep(300);
    await writeFile(path.join(staging, 'addon'), 'addon');
    return ['library', 'addon'];
  },
});
await note(alreadyThere ? 'found it' : 'made it');
