import { build } from '../../tools/tsup.shared.js';

export default build({ entry: { index: 'src/index.ts', 'decode-worker': 'src/folder/decode-worker.ts' } });
