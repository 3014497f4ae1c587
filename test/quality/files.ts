// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { projectFiles, readProjectFile } from '../support/files.ts';

const files = projectFiles();
const sources = files.filter((file) =>
  /\.(c|h|S|ts|mjs|py|pl|cmake|lds)$|(^|\/)(CMakeLists\.txt|Makefile|Kbuild|Kconfig)$/.test(file),
);

define('files', (test) => {
  test('every source file names its licence', () => {
    for (const file of sources) {
      const licence = /SPDX-License-Identifier: (.+?)(?: \*\/)?$/m.exec(readProjectFile(file).slice(0, 400))?.[1];
      // Headers that describe the interface to user space let programs use it (the kernel's COPYING).
      const allowed = /^(linux|hijack)\//.test(file)
        ? ['GPL-2.0-only', 'GPL-2.0', 'GPL-2.0 WITH Linux-syscall-note', 'GPL-2.0-only WITH Linux-syscall-note']
        : ['GPL-2.0-or-later'];
      assert.ok(licence !== undefined && allowed.includes(licence.trim()), `${file}: ${licence}`);
    }
  });

  test('none is over 1 MiB', () => {
    assert.deepEqual(
      files.filter((file) => statSync(path.join(ROOT, file)).size > 1 << 20),
      [],
    );
  });

  test('sources have no trailing blanks and end in a newline', () => {
    const untidy = (text: string): boolean => /[ \t]$/m.test(text) || !/[^\n]\n$/.test(text);
    assert.deepEqual(
      sources.filter((file) => untidy(readProjectFile(file))),
      [],
    );
  });
});
