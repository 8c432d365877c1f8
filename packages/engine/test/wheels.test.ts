import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { recipeFor, WHEEL_PYTHON } from '../src/install/recipe.js';

/** What pip says when it cannot ask its index. */
const OFFLINE = /connection broken by|Max retries exceeded|Could not fetch URL/;

describe('the wheels of a recipe', () => {
  it.for(['cpu linux x64', 'cpu linux arm64', 'cpu darwin arm64', 'cuda linux x64'])('exist on the package index, for its platform: %s', async (target, { skip }) => {
    const [device, platform, arch] = target.split(' ') as ['cpu' | 'cuda', string, string];
    const recipe = recipeFor(device, platform, arch)!;
    const tags = recipe.wheelTags.flatMap((tag) => ['--platform', tag]);
    for (const wheel of recipe.wheels) {
      const [name = '', version = ''] = wheel.split('==');
      // `pip index versions` lists those that have a wheel for the target, and downloads none.
      const result = await execa('python3', ['-m', 'pip', 'index', 'versions', name, '--only-binary=:all:', '--python-version', WHEEL_PYTHON, ...tags], { reject: false, all: true });
      if (OFFLINE.test(result.all)) skip('skipped: pip cannot reach its index');
      const versions = /Available versions: (.*)/.exec(result.all)?.[1]?.split(', ') ?? [];
      expect(versions, `${wheel}: ${result.all}`).toContain(version);
    }
  });
});
