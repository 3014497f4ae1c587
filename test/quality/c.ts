// SPDX-License-Identifier: GPL-2.0-or-later
//
// time limit: 900 s
//
// The C parts that cmake builds; arch/lkl is compiled by the kernel's own build with warnings as errors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { projectFiles } from '../support/files.ts';
import { assertClean } from '../support/tool.ts';

const sources = projectFiles().filter((file) => /^(linux\/(lib|tools)|hijack)\/.*\.c$/.test(file));

define('C', (test) => {
  test('warnings are errors', () => {
    assert.match(readFileSync(path.join(ROOT, 'CMakeLists.txt'), 'utf8'), /-Wall -Wextra -Werror/);
  });

  test(
    'cppcheck is content',
    () => {
      assert.ok(sources.length > 0);
      assertClean('cppcheck', [
        '--quiet',
        '--error-exitcode=1',
        '--inline-suppr',
        '--std=c11',
        '--enable=warning,performance,portability',
        '-D_GNU_SOURCE',
        '-D__x86_64__',
        '-D__linux__',
        // It does not see that `asm goto` assigns (hijack/host/), and is told in other words.
        '-D__cppcheck__',
        '-Ihijack',
        '-Ilinux/lib',
        '-Ilinux/lib/include',
        '-j',
        String(availableParallelism()),
        ...sources,
      ]);
    },
    { timeout: 800_000 },
  );
});
