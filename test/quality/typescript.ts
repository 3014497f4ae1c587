// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { assertClean } from '../support/tool.ts';

/** Of Biome there is a package for each platform; npm installs the one that fits. */
function findBiome(): string {
  const scope = path.join(ROOT, 'node_modules', '@biomejs');
  const name = readdirSync(scope).find((candidate) => candidate.startsWith('cli-linux-'));
  return path.join(scope, name ?? assert.fail('there is no Biome for this platform'), 'biome');
}

define('TypeScript', (test) => {
  test('the compiler is content, in strict mode', () =>
    assertClean('tsc', ['-p', '.', '--noEmit', '--incremental', 'false']));
  test('the linter is content, and the formatting right', () =>
    assertClean(findBiome(), ['check', '--error-on-warnings', '.']));
});
