// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { RunPlan } from '../../src/launcher/plan.ts';
import { planToShell, quote, quoteIfNeeded } from '../../src/launcher/shell.ts';
import { define } from '../support/define.ts';
import { makeRandom } from '../support/random.ts';

/** What a shell hands on after it has carried a plan out: its arguments, then its environment, as bytes. */
function carryOut(plan: RunPlan, args: readonly (string | Buffer)[], env: Record<string, string>) {
  const show = 'printf "%s\\0" "$#" "$@"; exec env -0';
  // Node takes arguments as UTF-8 only; a file of shell code takes any bytes.
  const words = args.map((arg) => Buffer.from(` ${quote(Buffer.from(arg).toString('latin1'))}`, 'latin1'));
  const code = Buffer.concat([Buffer.from('set --'), ...words, Buffer.from(`\n${planToShell(plan)}\n${show}\n`)]);
  const { stdout, stderr, status } = spawnSync('/bin/sh', ['-s'], { input: code, env, encoding: 'buffer' });
  assert.equal(status, 0, stderr.toString());
  const fields = stdout.toString('latin1').split('\0');
  const count = Number(fields[0]);
  return { args: fields.slice(1, count + 1), environment: fields.slice(count + 1, -1) };
}

const PIECES = [
  "'",
  '"',
  '\\',
  '$HOME',
  '$(id)',
  '`id`',
  '\n',
  ' ',
  '\t',
  '*',
  '~',
  '!',
  '#',
  ';',
  '&',
  '|',
  '-',
  '--',
  '=',
  '%s',
  'ü',
  '🐧',
  'a',
  '',
];
const BYTES = [Buffer.from([0xff]), Buffer.from([0xc3, 0x28]), Buffer.from([0x80, 0x0a])];

define('plans as shell code', (test) => {
  test('random arguments and variables come out as they went in', () => {
    const random = makeRandom(20_261_123);
    for (let round = 0; round < 200; round++) {
      const word = (): string => Array.from({ length: random(6) }, () => PIECES[random(PIECES.length)]).join('');
      const skip = random(4);
      const args = Array.from({ length: skip + 1 + random(5) }, () =>
        random(5) === 0 ? Buffer.concat([Buffer.from('x'), BYTES[random(BYTES.length)] ?? Buffer.alloc(0)]) : word(),
      );
      const value = word();
      const replaced = random(2) === 0 ? `/copy of ${word()}` : undefined;
      const plan: RunPlan = {
        kind: 'run',
        skip,
        variables: new Map([
          ['LKL_ONE', value],
          ['LD_LIBRARY_PATH', ''],
        ]),
        restore: [],
        ...(replaced === undefined ? {} : { program: replaced }),
      };
      const seen = carryOut(plan, args, { LKL_ONE: 'before', KEPT: 'yes' });
      const bytes = (text: string | Buffer): string => Buffer.from(text).toString('latin1');
      const expected = replaced === undefined ? args.slice(skip) : [replaced, ...args.slice(skip + 1)];
      assert.deepEqual(seen.args, expected.map(bytes));
      assert.ok(seen.environment.includes(`LKL_ONE=${bytes(value)}`));
      assert.ok(seen.environment.includes('KEPT=yes'));
    }
  });

  test('entries that are no shell variables are handed to env', () => {
    const restore = ['a.b=1', "BASH_FUNC_f%%=() { echo '$x'; }"];
    const plan: RunPlan = { kind: 'run', skip: 0, variables: new Map(), restore };
    const seen = spawnSync('/bin/sh', ['-s', 'env', '-0'], {
      input: `${planToShell(plan)}\nexec "$@"\n`,
      encoding: 'utf8',
    });
    for (const entry of restore) {
      assert.ok(seen.stdout.split('\0').includes(entry), entry);
    }
  });

  test('a text is printed as it is, and nothing is run after it', () => {
    const text = "it's %s and \\n\nand the end\n\n";
    const { stdout, status } = spawnSync('/bin/sh', ['-c', `${planToShell({ kind: 'print', text })}\necho more`], {
      encoding: 'utf8',
    });
    assert.equal(stdout, text);
    assert.equal(status, 0);
  });

  test('what people read is quoted where it needs to be', () => {
    assert.equal(quoteIfNeeded('--port=80'), '--port=80');
    assert.equal(quoteIfNeeded(''), "''");
    assert.equal(quoteIfNeeded("it's"), "'it'\\''s'");
    assert.equal(quoteIfNeeded('a b'), "'a b'");
  });
});
