import { expect, it } from 'vitest';
import { engineHtml } from '../src/report/details.js';
import { finished } from './fixtures.js';

it('names an engine once, with the packages of all its cells and what was not traced in any', () => {
  const common = { '@ganzoo/core': '1.0.0' };
  const cells = [
    finished(1, 1, { variant: 'dcgan', versions: { ...common, '@ganzoo/dcgan': '1.1.0' } }),
    finished(1, 1, { variant: 'my-gan', versions: { ...common, 'my-gan': '0.1.0' }, untraced: { critic: 'It <draws>.' } }),
    finished(1, 1, { engine: 'wasm', device: 'CPU, 1 thread', versions: common, passedOver: [{ name: 'native', reason: 'No pip.', remedy: 'Install it.' }] }),
  ];
  expect(engineHtml(cells)).toBe(
    '<p><b>native</b> on CPU, 2 threads, eager. <span class="faint">@ganzoo/core 1.0.0, @ganzoo/dcgan 1.1.0, my-gan 0.1.0</span></p>' +
      '<ul class="faint"><li>Not traced as one call: <b>critic</b> of my-gan. It &lt;draws&gt;.</li></ul>' +
      '<p><b>wasm</b> on CPU, 1 thread, eager. <span class="faint">@ganzoo/core 1.0.0</span></p><ul class="faint"><li><b>native</b> was not taken: No pip.</li></ul>',
  );
});
