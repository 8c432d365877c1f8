import { download } from '../../src/files/download.js';

/** A process of its own that downloads one file: node download-once.ts URL TARGET SHA256 */
const [url, target, hex] = process.argv.slice(2) as [string, string, string];
await download({ name: 'file', urls: [url], target, checksum: { kind: 'sha256', hex } });
