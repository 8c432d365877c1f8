import { testConfig } from '../../tools/vitest.shared.js';

export default testConfig();
