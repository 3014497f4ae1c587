// SPDX-License-Identifier: GPL-2.0-or-later
//
// What users say about rules: in comments, in package.json, with --rule.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../src/config/commands/command.ts';
import { lintText } from '../../src/config/lint.ts';
import { parseRule, readSettings } from '../../src/config/settings.ts';
import { define } from '../support/define.ts';
import { temporaryDirectory } from '../support/hijack.ts';

const ids = (text: string, file = 'f.json5'): string[] =>
  lintText(text, file, { rules: new Map() }).map(({ rule }) => rule);

define('comments against findings', (test) => {
  test('for the next line', () => {
    assert.deepEqual(ids('{ debug: 1,\n boot_cmdline: 1 }'), ['classic-form', 'classic-form']);
    assert.deepEqual(ids('{ debug: 1,\n// lkl-config-disable-next-line classic-form\n boot_cmdline: 1 }'), [
      'classic-form',
    ]);
    assert.deepEqual(ids('{ debug: 1,\n/* lkl-config-disable-next-line\n */\n boot_cmdline: 1 }'), ['classic-form']);
  });

  test('for its line', () => {
    assert.deepEqual(ids('{ debug: 1, // lkl-config-disable-line classic-form -- on purpose\n boot_cmdline: 1 }'), [
      'classic-form',
    ]);
  });

  test('for the whole file', () => {
    assert.deepEqual(ids('{ debug: 1,\n boot_cmdline: 1, x: 1 } // lkl-config-disable classic-form, unknown-key'), []);
    assert.deepEqual(ids('{ debug: 1,\n boot_cmdline: 1, x: 1 } /* lkl-config-disable */'), []);
  });

  test('of other rules only', () => {
    assert.deepEqual(ids('{ debug: 1 } // lkl-config-disable memory-size'), ['classic-form']);
    assert.deepEqual(ids('{ debug: 1 } // lkl-config-disabled'), ['classic-form']);
  });

  test('of a rule that does not exist', () => {
    const [finding] = lintText('{} // lkl-config-disable clasic-form', 'f.json5', { rules: new Map() });
    assert.equal(finding?.message, 'there is no rule "clasic-form"; did you mean "classic-form"?');
    assert.equal(finding?.severity, 'warning');
  });
});

let projects = 0;

function project(description: unknown): string {
  const directory = path.join(temporaryDirectory(), `project-${++projects}`, 'inner');
  mkdirSync(directory, { recursive: true });
  const text = typeof description === 'string' ? description : JSON.stringify(description);
  writeFileSync(path.join(directory, '..', 'package.json'), text);
  return directory;
}

define('settings', (test) => {
  test('of the nearest package.json', () => {
    const rules = { 'classic-form': 'off', 'mac-not-local': 'warn', 'duplicate-mac': 'error', 'memory-size': 'info' };
    const settings = readSettings(project({ 'lkl-hijack': { lint: { rules, maxWarnings: 3 } } }));
    assert.equal(settings.maxWarnings, 3);
    assert.deepEqual([...settings.rules.values()], ['off', 'warning', 'error', 'info']);
    assert.deepEqual(lintText('{"debug": 1}', 'f.json', settings), []);
    const [size] = lintText('{"boot_cmdline": "mem=1"}', 'f.json', settings);
    assert.equal(size?.severity, 'info');
  });

  test('none', () => {
    assert.deepEqual(readSettings(project({ name: 'x' })), { rules: new Map() });
    assert.deepEqual(readSettings('/'), { rules: new Map() });
  });

  const wrong: [description: unknown, message: RegExp][] = [
    ['{', /package\.json: .*JSON/],
    [{ 'lkl-hijack': 1 }, /lkl-hijack is not an object/],
    [{ 'lkl-hijack': { lint: [] } }, /lint is not an object/],
    [{ 'lkl-hijack': { lint: { rule: {} } } }, /has rules and maxWarnings, and no rule/],
    [{ 'lkl-hijack': { lint: { maxWarnings: -1 } } }, /maxWarnings is not a number/],
    [{ 'lkl-hijack': { lint: { rules: { 'clasic-form': 'off' } } } }, /did you mean "classic-form"/],
    [
      { 'lkl-hijack': { lint: { rules: { 'classic-form': 'never' } } } },
      /"never" is none of off, info, warn and error/,
    ],
    [{ 'lkl-hijack': { lint: { rules: { 'classic-form': 1 } } } }, /1 is none of/],
  ];
  for (const [description, message] of wrong) {
    test(`refused: ${JSON.stringify(description)}`, () => {
      const directory = project(description);
      assert.throws(
        () => readSettings(directory),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  test('of the command line', () => {
    assert.deepEqual(parseRule('classic-form=warn'), ['classic-form', 'warning']);
    for (const text of ['classic-form', 'classic-form=', 'x=off', 'classic-form=on', 'classic-form=off=on']) {
      assert.throws(() => parseRule(text), UsageError, text);
    }
    assert.throws(() => parseRule('x=off'), /there is no rule "x"; there are: syntax, /);
  });
});
