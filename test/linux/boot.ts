// SPDX-License-Identifier: GPL-2.0-or-later
/** The boot test (linux/tools/boot): the kernel as a library, without any preload. */
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

define('boot test', (test) => {
  test(
    'all of its parts pass',
    async () => {
      const { stdout, exitCode } = await execa(path.join(ROOT, 'build', 'Release', 'lkl-boot'), { reject: false });
      assert.not.match(stdout, /^not ok/m, stdout);
      assert.match(stdout, /^ok \d+ - the kernel halts/m, stdout);
      assert.is(exitCode, 0);
    },
    { timeout: 180_000 },
  );
});
