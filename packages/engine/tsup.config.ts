import { build } from '../../tools/tsup.shared.js';

// `child` runs in processes of its own.
export default build({ entry: ['src/index.ts', 'src/child.ts'] });
