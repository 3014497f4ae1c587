// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Script } from 'node:vm';
import { cacheFile, loadScript } from '../../src/launcher/cached-script.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { temporaryDirectory } from '../support/hijack.ts';

const bundle = path.join(temporaryDirectory(), 'bundle.cjs');
const result = path.join(temporaryDirectory(), 'result');

/** Runs a bundle, and gives what it wrote. */
function run(): string {
  loadScript(bundle).run();
  return readFileSync(result, 'utf8');
}

define('cached scripts', (test) => {
  test('run with no cache, a sound one, and a spoilt one', () => {
    writeFileSync(bundle, `require('fs').writeFileSync(${JSON.stringify(result)}, [1, 2].map((n) => n + 1).join());`);
    assert.equal(run(), '2,3');
    writeFileSync(cacheFile(bundle), loadScript(bundle).cache());
    writeFileSync(result, '');
    assert.equal(run(), '2,3');
    writeFileSync(cacheFile(bundle), 'spoilt');
    writeFileSync(result, '');
    assert.equal(run(), '2,3');
  });

  test('the planner has a cache that V8 takes', () => {
    const planner = path.join(ROOT, 'dist', 'planner.cjs');
    assert.ok(existsSync(cacheFile(planner)));
    const script = new Script(`(function (require, module, exports) {${readFileSync(planner, 'latin1')}\n})`, {
      cachedData: readFileSync(cacheFile(planner)),
    });
    assert.equal(script.cachedDataRejected, false);
  });
});
