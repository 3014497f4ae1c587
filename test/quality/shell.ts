// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { define } from '../support/define.ts';
import { projectFiles, readProjectFile } from '../support/files.ts';
import { assertClean } from '../support/tool.ts';

const scripts = projectFiles().filter((file) => /^#!.*\b(ba|da)?sh\b/.test(readProjectFile(file).slice(0, 80)));

define('shell scripts', (test) => {
  test('are found', () => {
    for (const known of ['bin/lkl-hijack', '.ci/run', 'scripts/setup', 'linux/build-kernel']) {
      assert.ok(scripts.includes(known), known);
    }
  });
  test('shellcheck is content', () => assertClean('shellcheck', scripts));
});
