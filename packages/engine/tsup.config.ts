import { build } from '../../tools/tsup.shared.js';

// `child` runs in processes of its own; `gradients` and `webgpu/browser` run in a browser.
export default build({ entry: ['src/index.ts', 'src/child.ts', 'src/gradients/index.ts', 'src/webgpu/browser.ts'], external: ['webgpu'] }); // tsup takes optional dependencies in
