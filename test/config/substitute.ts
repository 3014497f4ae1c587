// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { substitute } from '../../src/config/substitute.ts';
import { define } from '../support/define.ts';

const variables = new Map([
  ['TAP', 'tap7'],
  ['EMPTY', ''],
]);

function one(text: string): unknown {
  const { value, findings, unset } = substitute(text, (name) => variables.get(name));
  return findings.length + unset.length === 0 ? value : [...findings, ...unset].map(({ message }) => message);
}

define('references to variables', (test) => {
  test('are replaced by values', () => {
    assert.equal(one('${TAP}'), 'tap7');
    assert.equal(one('a${TAP}b${TAP}'), 'atap7btap7');
    assert.equal(one('${EMPTY}'), '');
  });

  test('have defaults as in the shell', () => {
    assert.equal(one('${NONE:-x y}'), 'x y');
    assert.equal(one('${NONE-x}'), 'x');
    assert.equal(one('${EMPTY:-x}'), 'x');
    assert.equal(one('${EMPTY-x}'), '');
    assert.equal(one('${TAP:-x}'), 'tap7');
    assert.equal(one('${NONE:-}'), '');
  });

  test('are errors without a value', () => {
    assert.deepEqual(one('${NONE}'), ['the variable NONE is not set']);
    assert.deepEqual(one('${NONE:?name a tap}'), ['the variable NONE is not set: name a tap']);
    assert.deepEqual(one('${EMPTY:?}'), ['the variable EMPTY is empty']);
    assert.equal(one('${EMPTY?}'), '');
  });

  test('leave other text alone', () => {
    for (const text of ['', '$', '$TAP', '$$', '{TAP}', 'a$b']) {
      assert.equal(one(text), text);
    }
    assert.equal(one('$${TAP}'), '${TAP}');
    assert.equal(one('$$ ${TAP}'), '$$ tap7');
  });

  test('are errors when malformed', () => {
    assert.deepEqual(one('${}'), ['"${}" is not a reference to a variable']);
    assert.deepEqual(one('x${TAP'), ['"${TAP" is not a reference to a variable']);
    assert.deepEqual(one('${1A}'), ['"${1A}" is not a reference to a variable']);
    assert.deepEqual(one('${A B}'), ['"${A B}" is not a reference to a variable']);
  });

  test('stand in strings anywhere, and in nothing else', () => {
    const { value, unset } = substitute({ '${TAP}': [1, null, true, { a: '${TAP}' }, ['${NONE}']] }, (name) =>
      variables.get(name),
    );
    assert.deepEqual(value, { '${TAP}': [1, null, true, { a: 'tap7' }, ['${NONE}']] });
    assert.deepEqual(
      unset.map(({ path }) => path),
      [['${TAP}', 4, 0]],
    );
  });

  test('their values are not looked at again', () => {
    assert.equal(substitute('${A}', () => '${A}').value, '${A}');
  });
});
