// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { allKeys } from '../../src/config/explain.ts';
import { keysPage } from '../../src/config/keys-page.ts';
import { lintText } from '../../src/config/lint.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

define('docs/config.md', (test) => {
  test('is made from the model (else: npm run generate)', () => {
    assert.equal(readFileSync(path.join(ROOT, 'docs', 'config.md'), 'utf8'), keysPage());
  });

  test('has every key, its variable and its examples', () => {
    const page = keysPage();
    for (const { name, info } of allKeys()) {
      assert.ok(page.includes(`### ${name}\n\n${info.description}`), name);
      assert.ok(info.variable === undefined || page.includes(`\`${info.variable}\``), name);
    }
  });

  test('its examples are right by themselves', () => {
    const examples = [...keysPage().matchAll(/`("[^"`]+": "[^`]*")`/g)].map(([, example]) => example ?? '');
    assert.ok(examples.length >= allKeys().length);
    const ofInterfaces = keysPage().indexOf('## Of an interface');
    for (const example of examples) {
      const inner = keysPage().indexOf(`\`${example}\``) > ofInterfaces;
      const text = inner ? `{ "interfaces": [{ ${example} }] }` : `{ ${example} }`;
      const wrong = lintText(text, 'f.json', { rules: new Map() }).filter(({ rule }) =>
        /^(value|unknown|shape|syntax)/.test(rule),
      );
      assert.deepEqual(wrong, [], example);
    }
  });
});
