import { build } from '../../tools/tsup.shared.js';

// `child` runs in processes of its own; `gradients` runs in a browser too.
export default build({ entry: ['src/index.ts', 'src/child.ts', 'src/gradients/index.ts'], external: ['webgpu'] }); // tsup takes optional dependencies in
