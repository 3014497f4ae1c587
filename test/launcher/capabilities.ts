// SPDX-License-Identifier: GPL-2.0-or-later
//
// Programs with file capabilities, such as Debian's ping: for an ordinary user the dynamic linker ignores LD_PRELOAD.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { define, skip } from '../support/define.ts';
import { compile, compileProof, MAIN } from '../support/elf.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { install } from '../support/installation.ts';

if (process.getuid?.() !== 0) {
  skip('needs root, to give a file capabilities and to become another user');
}

const NOBODY = 65534;
chmodSync(temporaryDirectory(), 0o755);
// The checkout may be where nobody else can look.
const launcher = install('capabilities');
const cache = path.join(temporaryDirectory(), 'cache');
mkdirSync(cache);
chownSync(cache, NOBODY, NOBODY);
const library = compileProof();
const program = compile(MAIN);
execFileSync('setcap', ['cap_net_raw=ep', program], { env: { PATH: '/usr/sbin:/sbin:/usr/bin:/bin' } });

function asNobody(...args: string[]) {
  return spawnSync(launcher, args, {
    uid: NOBODY,
    gid: NOBODY,
    encoding: 'utf8',
    cwd: '/',
    env: { PATH: process.env.PATH, LKL_HIJACK_LIBRARY: library, XDG_CACHE_HOME: cache },
  });
}

define('programs with file capabilities', (test) => {
  test('are refused for an ordinary user, with the remedy', () => {
    const { status, stderr } = asNobody(program);
    assert.equal(status, 125);
    assert.match(stderr, /file capabilities \(cap_net_raw=ep\)[\s\S]*remedy:.*--private-copy/);
    assert.doesNotMatch(stderr, /^hijacked/m);
  });

  test('are refused under no_new_privs as well, which takes their rights and not the mark', () => {
    const { status, stdout, stderr } = spawnSync('setpriv', ['--no-new-privs', launcher, program], {
      uid: NOBODY,
      gid: NOBODY,
      encoding: 'utf8',
      cwd: '/',
      env: { PATH: process.env.PATH, LKL_HIJACK_LIBRARY: library },
    });
    assert.equal(status, 125, stdout);
    assert.match(stderr, /file capabilities \(cap_net_raw=ep\)/);
  });

  test('are run from a copy with --private-copy, and have the library', () => {
    const { status, stderr } = asNobody('--private-copy', program);
    assert.equal(stderr, 'hijacked\n');
    assert.equal(status, 0);
  });

  test('are refused, as is any other program, where getcap is missing', () => {
    const hidden =
      'mount --bind /dev/null "$(command -v getcap)" && exec setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"';
    const without = (...command: string[]) =>
      spawnSync('unshare', ['-m', 'sh', '-c', hidden, 'sh', ...command], {
        encoding: 'utf8',
        cwd: '/',
        env: { PATH: `${process.env.PATH}:/usr/sbin`, LKL_HIJACK_LIBRARY: library, XDG_CACHE_HOME: cache },
      });
    for (const file of [program, compile(MAIN)]) {
      const { status, stderr } = without(launcher, file);
      assert.equal(status, 125, stderr);
      assert.match(stderr, /getcap cannot be run[\s\S]*remedy: install getcap .*libcap2-bin/);
      assert.equal(without(launcher, '--private-copy', file).stderr, 'hijacked\n');
    }
  });

  test('are run as they are by root, for whom they gain nothing', () => {
    const { status, stderr } = spawnSync(launcher, [program], {
      encoding: 'utf8',
      cwd: '/',
      env: { ...process.env, LKL_HIJACK_LIBRARY: library },
    });
    assert.equal(stderr, 'hijacked\n');
    assert.equal(status, 0);
  });
});
