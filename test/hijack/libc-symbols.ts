// SPDX-License-Identifier: GPL-2.0-or-later
/** Every function of libc has exactly one row in hijack/libc/names.def, and docs/libc-symbols.md tells what is there. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

/** The libc that programs of this machine use, this one too. */
function libc(): string {
  const file = /\S+\/libc\.so\.6$/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0];
  if (file === undefined) {
    throw new Error('this process has no libc.so.6');
  }
  return file;
}

/** Its functions, but those that only libc's own libraries can use. */
function functions(): string[] {
  const names = execFileSync('nm', ['-D', '--defined-only', libc()], { encoding: 'utf8', maxBuffer: 1 << 24 })
    .split('\n')
    .map((line) => /^[0-9a-f]+ [TWi] ([^@]+)@(.*)$/.exec(line))
    .filter((match) => match !== null && !match[2]?.includes('GLIBC_PRIVATE'))
    .map((match) => match?.[1] ?? '');
  return [...new Set(names)].sort();
}

/** The names of all rows, as often as they are there. */
function rows(): string[] {
  const text = readFileSync(path.join(ROOT, 'hijack/libc/names.def'), 'utf8').replace(/\/\*.*?\*\//gs, '');
  return [...text.matchAll(/^(?:(?:NAME|OWN|ALIAS)\((\w+)|(?:HOST|NONE)\("[^"]*",([^)]*)\))/gm)]
    .flatMap((match) => match[1] ?? match[2]?.trim().split(/\s+/) ?? [])
    .sort();
}

define('libc symbols', (test) => {
  test('libc has thousands, and each is in one row', () => {
    assert.ok(functions().length > 2000);
    const twice = rows().filter((name, i, all) => name === all[i - 1]);
    assert.equal(twice, []);
    const listed = new Set(rows());
    assert.equal(
      functions().filter((name) => !listed.has(name)),
      [],
      'functions of libc that names.def forgets',
    );
  });

  test('each row is a function of libc', () => {
    const known = new Set(functions());
    assert.equal(
      rows().filter((name) => !known.has(name)),
      [],
    );
  });

  test('the documentation is fresh', () => {
    const made = execFileSync('sh', [path.join(ROOT, 'scripts/libc-symbols')], { encoding: 'utf8' });
    assert.is(readFileSync(path.join(ROOT, 'docs/libc-symbols.md'), 'utf8'), made, 'run: npm run generate');
  });

  test('the documentation names each function once', () => {
    const table = readFileSync(path.join(ROOT, 'docs/libc-symbols.md'), 'utf8').split('|---|---|---|\n')[1] ?? '';
    const names = table.split('\n').flatMap((line) => [...(line.split('|')[3] ?? '').matchAll(/`(\w+)`/g)]);
    assert.equal(names.map((match) => match[1]).sort(), rows());
  });
});
