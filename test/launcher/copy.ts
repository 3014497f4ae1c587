// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { copiesDirectory, privateCopy } from '../../src/launcher/copy.ts';
import { Failure } from '../../src/launcher/failure.ts';
import { define } from '../support/define.ts';
import { temporaryDirectory } from '../support/hijack.ts';

const directory = path.join(temporaryDirectory(), 'copies');
const program = path.join(temporaryDirectory(), 'tool');
writeFileSync(program, 'one', { mode: 0o755 });
chmodSync(program, 0o4755);

define('private copies', (test) => {
  test('have the name and the contents, and no set-id bit', () => {
    const copy = privateCopy(program, directory);
    assert.equal(path.basename(copy), 'tool');
    assert.equal(readFileSync(copy, 'utf8'), 'one');
    assert.equal(statSync(copy).mode & 0o7777, 0o700);
    assert.equal(statSync(directory).mode & 0o777, 0o700);
  });

  test('of the same file are one, of a changed file another', () => {
    const first = privateCopy(program, directory);
    const inode = statSync(first).ino;
    assert.equal(privateCopy(program, directory), first);
    assert.equal(statSync(first).ino, inode);
    writeFileSync(program, 'another');
    const second = privateCopy(program, directory);
    assert.notEqual(second, first);
    assert.equal(readFileSync(second, 'utf8'), 'another');
  });

  test('that nobody used for a day are removed', () => {
    const old = path.join(directory, 'old');
    mkdirSync(old);
    writeFileSync(path.join(old, 'tool'), 'x');
    const before = new Date(Date.now() - 25 * 60 * 60 * 1000);
    utimesSync(old, before, before);
    const copy = privateCopy(program, directory);
    assert.ok(!existsSync(old));
    assert.ok(existsSync(copy));
  });

  test('are not made where others could replace them', () => {
    const open = path.join(temporaryDirectory(), 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    assert.throws(() => privateCopy(program, open), Failure);
  });

  test('are in the cache of the user', () => {
    const user = process.getuid?.() ?? 0;
    const of = (variables: Record<string, string>) => copiesDirectory(new Map(Object.entries(variables)));
    assert.equal(of({ XDG_CACHE_HOME: '/c', HOME: '/h' }), `/c/lkl-hijack/copies-${user}`);
    assert.equal(of({ XDG_CACHE_HOME: 'c', HOME: '/h' }), `/h/.cache/lkl-hijack/copies-${user}`);
    assert.equal(of({}), `/tmp/.cache/lkl-hijack/copies-${user}`);
  });
});
