// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseHeader, referencePage } from '../../linux/scripts/reference.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

const header = readFileSync(path.join(ROOT, 'linux/lib/include/lkl.h'), 'utf8');

define('docs/api.md', (test) => {
  test('is made from lkl.h (else: npm run generate)', () => {
    assert.equal(readFileSync(path.join(ROOT, 'docs/api.md'), 'utf8'), referencePage(header));
  });

  test('has every function of the header', () => {
    const documented = parseHeader(header).flatMap(({ entries }) => entries.map(({ name }) => name));
    const declared = [...header.matchAll(/^LKL_API [^(]*?(lkl_\w+)\(/gm)].map(([, name]) => name);
    assert.ok(declared.length > 30);
    assert.deepEqual(
      declared.filter((name) => !documented.includes(name ?? '')),
      [],
    );
  });

  test('a comment is taken apart', () => {
    const [section] = parseHeader(
      [
        `/* ${'-'.repeat(30)} */`,
        '/* Things */',
        '',
        '/**',
        ' * lkl_thing() - makes one',
        ' * @size: in bytes,',
        ' *\tand no more.',
        ' *',
        ' * Some text.',
        ' *',
        ' * Return: 0.',
        ' */',
        'LKL_API int lkl_thing(int size);',
      ].join('\n'),
    );
    assert.equal(section?.title, 'Things');
    assert.deepEqual(section?.entries, [
      {
        name: 'lkl_thing',
        summary: 'makes one',
        parameters: [['size', 'in bytes, and no more.']],
        text: ['Some text.'],
        result: '0.',
        declaration: 'int lkl_thing(int size);',
      },
    ]);
  });
});
