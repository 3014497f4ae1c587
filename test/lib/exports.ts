// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

/** The functions that a public header declares. */
function declared(header: string, pattern: RegExp): string[] {
  const text = readFileSync(path.join(ROOT, 'build', 'include', header), 'utf8');
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '').sort();
}

/** Names that the linker sees in a library. */
async function names(library: string, option: string): Promise<string[]> {
  const file = path.join(ROOT, 'build', 'Release', library);
  const { stdout } = await execa('nm', ['--format=posix', '--defined-only', option, file]);
  return stdout
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.length >= 3)
    .map((fields) => fields[0] ?? '')
    .sort();
}

const interfaces = [
  ...declared('lkl.h', /^LKL_API [^(;]*?(lkl_\w+)\(/gm),
  ...declared('lkl_host.h', /^(?:int|long|void) (lkl_kernel_\w+)\(/gm),
].sort();

define('what the libraries export', (test) => {
  test('the headers declare functions', () => {
    assert.ok(interfaces.includes('lkl_start_kernel') && interfaces.includes('lkl_kernel_syscall'));
  });

  test('liblkl.so: the interface, and nothing else', async () => {
    assert.deepEqual(await names('liblkl.so', '--dynamic'), interfaces);
  });

  test('liblkl.a: the interface, and nothing else', async () => {
    assert.deepEqual(await names('liblkl.a', '--extern-only'), interfaces);
  });
});
