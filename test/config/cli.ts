// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { writeConfiguration } from '../support/hijack.ts';

function config(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(path.join(ROOT, 'bin', 'lkl-config'), args, { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

define('lkl-config', (test) => {
  test('lint is silent about what is right', () => {
    assert.deepEqual(config(['lint', writeConfiguration({})]), { status: 0, stdout: '', stderr: '' });
  });

  test('lint tells the findings of all files, one a line, and their number', () => {
    const one = writeConfiguration({ debug: 'x' });
    const two = writeConfiguration('{');
    const { status, stdout, stderr } = config(['lint', one, two]);
    assert.equal(status, 1);
    assert.match(
      stdout,
      new RegExp(`^${one}:1:10: error: debug: "x" is not .*\\n${two}:1:2: error: not valid: .*\\n$`),
    );
    assert.equal(stderr, '2 errors; --fix puts 1 right\n');
  });

  test('lint reads standard input', () => {
    assert.equal(
      config(['lint', '-'], '{"gatewy": "1.2.3.4"}').stdout,
      '-:1:2: error: gatewy: there is no such key; did you mean "gateway"? [unknown-key]\n',
    );
  });

  test('wrong usage and unreadable files are 2', () => {
    assert.equal(config(['lint', '--format', 'xml', '-']).status, 2);
    assert.equal(config(['lnt', 'x']).status, 2);
    const missing = config(['lint', '/no/such.json']);
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /\/no\/such\.json/);
  });

  test('schema prints the published schema', () => {
    assert.equal(config(['schema']).stdout, readFileSync(path.join(ROOT, 'schemas', 'lkl-hijack.schema.json'), 'utf8'));
  });
});
