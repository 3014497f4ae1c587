// SPDX-License-Identifier: GPL-2.0-or-later
/** `lkl-config lint --watch` checks files again when they change, come and go. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { waitFor } from '../support/wait.ts';

const LKL_CONFIG = path.join(ROOT, 'bin', 'lkl-config');

/** Starts it in a directory, and gives what it has said since the last time it waited for changes. */
function watch(directory: string, ...args: string[]) {
  const child = execa(LKL_CONFIG, ['lint', '--watch', '--format', 'unix', ...args], { cwd: directory, reject: false });
  let said = '';
  child.stdout.on('data', (data: Buffer) => {
    said += data;
  });
  let rounds = 0;
  child.stderr.on('data', (data: Buffer) => {
    said += data;
    rounds += String(data).split('waiting for changes').length - 1;
  });
  let seen = 0;
  const next = async (pattern: RegExp): Promise<string> => {
    await waitFor(`${pattern} in: ${said}`, async () => rounds > seen && pattern.test(said));
    const text = said;
    said = '';
    seen = rounds;
    return text;
  };
  const end = async () => {
    child.kill('SIGINT');
    return child;
  };
  return { next, end };
}

function directoryOf(name: string): string {
  const directory = path.join(temporaryDirectory(), name);
  mkdirSync(directory);
  return directory;
}

define('lkl-config lint --watch', (test) => {
  test('a file: changed, written anew by an editor, removed and back', async () => {
    const directory = directoryOf('file');
    const file = path.join(directory, 'one.json');
    writeFileSync(file, '{ "debug": "x" }');
    const { next, end } = watch(directory, 'one.json');
    assert.match(await next(/value-format/), 'one.json:1:12: error: debug');
    writeFileSync(file, '{ "gateway": "x" }');
    assert.not.match(await next(/gateway: "x"/), 'debug');
    writeFileSync(`${file}.new`, '{ "gateway6": "x" }');
    renameSync(`${file}.new`, file);
    await next(/gateway6: "x"/);
    rmSync(file);
    await next(/one\.json: there is no such file/);
    writeFileSync(file, '{}');
    assert.is(await next(/waiting/), 'waiting for changes\n');
    assert.is((await end()).signal, 'SIGINT');
  });

  test('a directory: new files, also in new directories, and the settings of the project', async () => {
    const directory = directoryOf('tree');
    writeFileSync(path.join(directory, 'lkl-hijack.json'), '{}');
    const { next, end } = watch(directory, '--output', 'findings.txt');
    await next(/waiting/);
    mkdirSync(path.join(directory, 'a'));
    writeFileSync(path.join(directory, 'a', 'lkl-hijack-a.json'), '{ "debug": "x" }');
    await next(/1 error/);
    writeFileSync(
      path.join(directory, 'package.json'),
      '{ "lkl-hijack": { "lint": { "rules": { "value-format": "warn" } } } }',
    );
    await next(/1 warning/);
    writeFileSync(path.join(directory, 'package.json'), '{');
    await next(/package\.json: /);
    await end();
  });

  test('standard input cannot be watched', async () => {
    const { exitCode, stderr } = await execa(LKL_CONFIG, ['lint', '--watch', '-'], { reject: false, input: '{}' });
    assert.is(exitCode, 2);
    assert.match(stderr, '--watch looks at files');
  });
});
