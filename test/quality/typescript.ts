// SPDX-License-Identifier: GPL-2.0-or-later
import { define } from '../support/define.ts';
import { assertClean } from '../support/tool.ts';

define('TypeScript', (test) => {
  test('the compiler is content, in strict mode', () =>
    assertClean('tsc', ['-p', '.', '--noEmit', '--incremental', 'false']));
  test('the linter is content, and the formatting right', () =>
    assertClean('biome', ['check', '--error-on-warnings', '.']));
});
