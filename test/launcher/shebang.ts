// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { parseEnvArgument, parseShebang } from '../../src/launcher/shebang.ts';
import { define } from '../support/define.ts';

define('first lines of scripts', (test) => {
  test('an interpreter and at most one argument', () => {
    assert.deepEqual(parseShebang('#!/bin/sh\necho'), { interpreter: '/bin/sh', argument: undefined });
    assert.deepEqual(parseShebang('#! /usr/bin/awk -f\n'), { interpreter: '/usr/bin/awk', argument: '-f' });
    assert.deepEqual(parseShebang('#!/bin/sh -e -u  \n'), { interpreter: '/bin/sh', argument: '-e -u' });
    assert.deepEqual(parseShebang('#!/bin/sh'), { interpreter: '/bin/sh', argument: undefined });
  });

  test('other files have none', () => {
    assert.equal(parseShebang('echo\n'), undefined);
    assert.equal(parseShebang('#!\n/bin/sh\n'), undefined);
    assert.equal(parseShebang(''), undefined);
  });

  const programs: [argument: string | undefined, program: string | undefined, keepsPreload: boolean][] = [
    ['python3', 'python3', true],
    ['-S python3 -u', 'python3', true],
    ['-S  A=1 B=2 node --title=x', 'node', true],
    ['-vS perl', 'perl', true],
    ['--split-string=perl -w', 'perl', true],
    ['-S -u HOME -C /tmp ruby', 'ruby', true],
    ['-S -i python3', 'python3', false],
    ['-S - python3', 'python3', false],
    ['-S -u LD_PRELOAD python3', 'python3', false],
    ['-S --unset=LD_PRELOAD python3', 'python3', false],
    ['-S LD_PRELOAD= python3', 'python3', false],
    [undefined, undefined, true],
    ['-i', undefined, false],
  ];
  for (const [argument, program, keepsPreload] of programs) {
    test(`env ${argument ?? ''}`, () => {
      assert.deepEqual(parseEnvArgument(argument), { program, keepsPreload });
    });
  }
});
