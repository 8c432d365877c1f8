import { build } from '../../tools/tsup.shared.js';

export default build({ entry: ['src/index.ts', 'src/layers/index.ts', 'src/node/index.ts', 'src/testing/index.ts'] });
