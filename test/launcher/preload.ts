// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { chmodSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { readElf } from '../../src/launcher/elf.ts';
import { Failure } from '../../src/launcher/failure.ts';
import { checkLibrary, findRefusal, type Process } from '../../src/launcher/preload.ts';
import { findProgram } from '../../src/launcher/program.ts';
import { define } from '../support/define.ts';
import { compile, compileProof, MAIN, patch } from '../support/elf.ts';
import { temporaryDirectory } from '../support/hijack.ts';

const me: Process = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, noNewPrivileges: false };
const somebodyElse: Process = { ...me, uid: me.uid + 1 };
const program = compile(MAIN);
const libraryFile = compileProof();
const library = checkLibrary(libraryFile);

function refusal(file: string, self = me) {
  return findRefusal(findProgram(file, ''), library, self);
}

function refusesLibrary(file: string, message: RegExp): void {
  assert.throws(
    () => checkLibrary(file),
    (error) => error instanceof Failure && error.status === 125 && message.test(error.message) && !!error.remedy,
  );
}

define('whether the library can be loaded', (test) => {
  test('into an ordinary program it can', () => {
    assert.equal(refusal(program), undefined);
    assert.equal(refusal(program, somebodyElse), undefined);
  });

  test('a library that is missing, none, or in a place that LD_PRELOAD cannot name', () => {
    refusesLibrary('/no/such.so', /cannot be read/);
    refusesLibrary('/etc/passwd', /not a shared library/);
    for (const [name, word] of [
      ['with space', 'space'],
      ['with:colon', 'colon'],
    ] as const) {
      const link = path.join(temporaryDirectory(), name);
      symlinkSync(libraryFile, link);
      refusesLibrary(link, new RegExp(word));
    }
  });

  test('not into static programs', () => {
    for (const flag of ['-static', '-static-pie']) {
      assert.match(refusal(compile(MAIN, flag))?.reason ?? '', /statically linked/);
    }
  });

  test('not into programs for another machine', () => {
    assert.match(refusal(patch(program, { 18: 183, 19: 0 }))?.reason ?? '', /arm64.*library is for/);
  });

  test('not into programs of another libc', () => {
    const interpreter = readElf(program)?.interpreter ?? '';
    const musl = patch(program, [interpreter, '/lib/ld-musl-x86_64.so.1']);
    assert.match(refusal(musl)?.reason ?? '', /musl.*glibc/);
    assert.match(refusal(patch(program, [interpreter, '/lib/own-loader']))?.reason ?? '', /unknown libc/);
  });

  test('not into set-user-ID and set-group-ID programs, but for their own user', () => {
    const setUser = patch(program, {});
    chmodSync(setUser, 0o4755);
    assert.equal(refusal(setUser), undefined);
    assert.match(refusal(setUser, somebodyElse)?.reason ?? '', /set-user-ID/);
    assert.equal(refusal(setUser, somebodyElse)?.copyHelps, true);
    assert.equal(refusal(setUser, { ...somebodyElse, noNewPrivileges: true }), undefined);
    const setGroup = patch(program, {});
    chmodSync(setGroup, 0o2755);
    assert.match(refusal(setGroup, { ...me, gid: me.gid + 1 })?.reason ?? '', /set-group-ID/);
    chmodSync(setGroup, 0o2745);
    assert.equal(refusal(setGroup, { ...me, gid: me.gid + 1 }), undefined);
  });
});
