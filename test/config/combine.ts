// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { combine, combineAndCheck, type Text } from '../../src/config/combine.ts';
import { findingLine } from '../../src/config/report/line.ts';
import { define } from '../support/define.ts';

const NO_VARIABLES = new Map<string, string>();

function text(content: unknown, name = 'f.json'): Text {
  return {
    name,
    text: typeof content === 'string' ? content : JSON.stringify(content),
    syntax: 'json5',
    references: true,
  };
}

function combined(texts: readonly Text[], assignments: readonly string[] = [], variables = NO_VARIABLES) {
  const { document, found } = combineAndCheck({ variables, texts, assignments });
  return found.length === 0 ? document : found.map(({ name, finding }) => findingLine(name, finding));
}

define('a configuration of parts', (test) => {
  test('a file goes over variables key by key, and a later file over it', () => {
    const variables = new Map([
      ['LKL_HIJACK_DEBUG', '1'],
      ['LKL_HIJACK_BOOT_CMDLINE', 'mem=1G'],
      ['LKL_HIJACK_NET_TAP', 'tap0'],
    ]);
    const { document } = combine({
      variables,
      texts: [text({ debug: '0', interfaces: [] }), text({ debug: '2' })],
      assignments: [],
    });
    assert.deepEqual(document, { debug: '2', boot_cmdline: 'mem=1G', interfaces: [] });
  });

  test('null removes what an earlier file has, and is wrong in the first', () => {
    assert.deepEqual(combined([text({ debug: '1' }), text({ debug: null })]), {});
    assert.match(String(combined([text({ debug: null })])), /^f\.json:1:10: debug: /);
  });

  test('a member is set in a list that is a text, an array or an object', () => {
    const set = ['sysctl.net.ipv4.tcp_sack=0'];
    const all = { 'net.core.somaxconn': '99', 'net.ipv4.tcp_sack': '0' };
    for (const sysctl of [
      'net.core.somaxconn=99; net.ipv4.tcp_sack = 1',
      ['net.core.somaxconn=99', 'net.ipv4.tcp_sack=1'],
      { 'net.core.somaxconn': '99' },
    ]) {
      assert.deepEqual(combined([text({ sysctl })], set), { sysctl: all });
    }
    assert.deepEqual(combined([], set), { sysctl: { 'net.ipv4.tcp_sack': '0' } });
  });

  test('an object of a later file goes over a list of an earlier one, whatever its form', () => {
    const later = { sysctl: { 'net.ipv4.tcp_sack': '0', 'net.core.somaxconn': null } };
    for (const sysctl of [
      'net.core.somaxconn=99; net.ipv4.tcp_sack = 1;net.ipv4.tcp_dsack=1',
      ['net.core.somaxconn=99', 'net.ipv4.tcp_sack=1', 'net.ipv4.tcp_dsack=1'],
      { 'net.core.somaxconn': '99', 'net.ipv4.tcp_sack': '1', 'net.ipv4.tcp_dsack': '1' },
    ]) {
      assert.deepEqual(combined([text({ sysctl }), text(later)]), {
        sysctl: { 'net.ipv4.tcp_sack': '0', 'net.ipv4.tcp_dsack': '1' },
      });
    }
    assert.deepEqual(combined([text({ sysctl: { a: '1' } }), text({ sysctl: 'b=2' })]), { sysctl: 'b=2' });
    // What is no piece of a list stays wrong.
    assert.match(
      String(combined([text({ sysctl: 'a=1;b' }), text({ sysctl: { c: '1' } })])),
      /"b":null.* is not a sysctl/,
    );
  });

  test('a neighbour or a qdisc is set beside those of a text', () => {
    const one = { type: 'tap', param: 'tap0', neigh: 'fd00::1|12:34:56:78:9a:bc', qdisc: ['root|fq'] };
    const set = ['interfaces.0.neigh.fd00::2=12:34:56:78:9a:bd', 'interfaces.0.qdisc.clsact=clsact'];
    assert.deepEqual(combined([text({ interfaces: [one] })], set), {
      interfaces: [
        {
          ...one,
          neigh: { 'fd00::1': '12:34:56:78:9a:bc', 'fd00::2': '12:34:56:78:9a:bd' },
          qdisc: { root: 'fq', clsact: 'clsact' },
        },
      ],
    });
  });

  test('a variable that is not set is missing only where its value counts', () => {
    const file = text({
      debug: '${LEVEL}',
      sysctl: 'a=${A};b=${B:?give B}',
      interfaces: [{ type: 'tap', param: '${TAP}' }],
    });
    const missing = (texts: readonly Text[], ...set: string[]): string[] =>
      [combined([file, ...texts], set)].flat().map((line) => /the variable \w+/.exec(String(line))?.[0] ?? '');
    assert.deepEqual(
      missing([]),
      ['LEVEL', 'A', 'B', 'TAP'].map((name) => `the variable ${name}`),
    );
    assert.deepEqual(missing([text({ debug: '1', sysctl: 'a=1' })]), ['the variable TAP']);
    assert.deepEqual(missing([text({ debug: null, interfaces: [] })], 'sysctl.b=1'), ['the variable A']);
    assert.deepEqual(missing([text({ sysctl: { a: '2', b: '${C}' } })], 'debug=1', 'interfaces.0.param=t'), [
      'the variable C',
    ]);
    assert.deepEqual(combined([file], ['debug=1', 'sysctl=a=1', 'interfaces[0].param=${TAP}']), {
      debug: '1',
      sysctl: 'a=1',
      interfaces: [{ type: 'tap', param: '${TAP}' }],
    });
    assert.deepEqual(
      missing([text({ sysctl: ['a=${A}', '${MORE}'] })], 'debug=1', 'interfaces.0.param=t', 'sysctl.a=1'),
      ['the variable MORE'],
    );
  });

  test('every finding tells the part that it is in', () => {
    const variables = new Map([['LKL_HIJACK_BOOT_CMDLINE', 'a\nb']]);
    const lines = combined(
      [text('{ "debug": "x" }', 'a.json'), text('{\n  "gateway": "y" }', 'b.json')],
      ['gateway6=z'],
      variables,
    );
    const places = [lines].flat().map((line) => /^([^"]*): "/.exec(String(line))?.[1]);
    assert.deepEqual(places.sort(), [
      '--set: gateway6',
      'a.json:1:12: debug',
      'b.json:2:14: gateway',
      'environment: LKL_HIJACK_BOOT_CMDLINE',
    ]);
  });

  test('what cannot be read is told alone', () => {
    assert.deepEqual(
      [combined([text('{'), text({ gateway: 'x' })])].flat().map((line) => /^f\.json:1:\d+: /.test(String(line))),
      [true],
    );
    assert.match(String(combined([text('[]')])), /not a JSON object/);
    assert.match(String(combined([text('{ "debug": "1", "debug": "1" }')])), /stands twice/);
    assert.match(String(combined([], ['nonsense'])), /^--set: "nonsense" is not an assignment/);
  });
});
