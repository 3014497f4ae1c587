// SPDX-License-Identifier: GPL-2.0-or-later
//
// The table of sysctls that the linter has is that of the kernel.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sysctlText } from '../../src/config/rules/sysctl-table.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { hijack } from '../support/hijack.ts';
import { LIST_SYSCTLS, tableText, withTable } from '../support/sysctls.ts';

define('sysctls', (test) => {
  test('are those of the table (else: run this test with UPDATE_SYSCTLS=1)', async () => {
    const { stdout, stderr } = await hijack(['python3', '-c', LIST_SYSCTLS], {
      config: { interfaces: [{ type: 'loop' }] },
    });
    const table = tableText(JSON.parse(stdout || assert.fail(stderr)));
    const file = path.join(ROOT, 'src', 'config', 'rules', 'sysctl-table.ts');
    if (process.env.UPDATE_SYSCTLS !== undefined) {
      writeFileSync(file, withTable(readFileSync(file, 'utf8'), table));
    }
    assert.deepEqual(table.split('\n'), sysctlText.split('\n'));
  });
});
