// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { AssignmentError, parseAssignment } from '../../src/config/assignment.ts';
import type { KeyPath } from '../../src/config/finding.ts';
import { Layers } from '../../src/config/layers.ts';
import { define } from '../support/define.ts';

/** What comes of documents from left to right, and then of assignments. */
function layered(documents: readonly Record<string, unknown>[], ...assignments: string[]): Layers<string> {
  const layers = new Layers<string>();
  for (const [index, document] of documents.entries()) {
    layers.merge(structuredClone(document), `file ${index}`);
  }
  for (const assignment of assignments) {
    layers.assign(parseAssignment(assignment), assignment);
  }
  return layers;
}

define('layers', (test) => {
  test('merge as RFC 7396 has it', () => {
    // Its appendix A, as far as the top is an object.
    const cases: [Record<string, unknown>, Record<string, unknown>, unknown][] = [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
      [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
      [{ a: 'b' }, { a: null }, {}],
      [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
      [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
      [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
      [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
      [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
      [{ e: null }, { a: 1 }, { a: 1 }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ];
    for (const [target, patch, expected] of cases) {
      assert.deepEqual(layered([target, patch]).document, expected, JSON.stringify([target, patch]));
    }
  });

  test('merge into what packs members, and change one of them', () => {
    const unpack = (path: KeyPath, value: unknown) =>
      path.join() === 'list' && typeof value === 'string'
        ? Object.fromEntries(value.split(',').map((piece) => piece.split('=')))
        : undefined;
    const layers = new Layers<string>(unpack);
    layers.replace({ list: 'a=1,b=2', text: 'a=1' }, 'one');
    layers.merge({ list: { b: '3', c: '4' }, text: { b: '3' } }, 'two');
    assert.deepEqual(layers.document, { list: { a: '1', b: '3', c: '4' }, text: { b: '3' } });
    assert.deepEqual(
      ['a', 'b', 'c'].map((name) => layers.origin(['list', name])),
      ['one', 'two', 'two'],
    );
    layers.merge({ list: 'x=1' }, 'three');
    layers.assign(parseAssignment('list.y=2'), 'four');
    assert.deepEqual(layers.document.list, { x: '1', y: '2' });
    layers.assign(parseAssignment('list.x=null'), 'five');
    assert.deepEqual(layers.document.list, { y: '2' });
  });

  test('know whose each value is', () => {
    const layers = layered(
      [
        { debug: '1', interfaces: [{ mtu: '1500', ip: '10.0.0.1' }] },
        { gateway: '10.0.0.9', sysctl: { a: '1' } },
        { sysctl: { b: '2' } },
      ],
      'interfaces.0.mtu=9000',
    );
    const whose = (...path: KeyPath) => layers.origin(path);
    assert.equal(whose('debug'), 'file 0');
    assert.equal(whose('gateway'), 'file 1');
    assert.equal(whose('interfaces', 0, 'ip'), 'file 0');
    assert.equal(whose('interfaces', 0, 'mtu'), 'interfaces.0.mtu=9000');
    assert.equal(whose('sysctl', 'a'), 'file 1');
    assert.equal(whose('sysctl', 'b'), 'file 2');
    // What is missing belongs to what lacks it.
    assert.equal(whose('interfaces', 0, 'masklen'), 'file 0');
    assert.equal(
      layered([{ interfaces: [{ ip: '1' }] }, { interfaces: [{}] }]).origin(['interfaces', 0, 'ip']),
      'file 1',
    );
  });

  test('a replaced member is kept as it is, null too', () => {
    const layers = new Layers<string>();
    layers.replace({ a: { b: '1' }, c: null }, 'one');
    layers.replace({ a: { d: '2' } }, 'two');
    assert.deepEqual(layers.document, { a: { d: '2' }, c: null });
    assert.equal(layers.origin(['a', 'd']), 'two');
    assert.equal(layers.origin(['c']), 'one');
  });

  test('__proto__ is a name as any other', () => {
    const layers = layered([JSON.parse('{"__proto__": {"a": "1"}}')]);
    assert.equal(JSON.stringify(layers.document), '{"__proto__":{"a":"1"}}');
    assert.equal(({} as { a?: string }).a, undefined);
  });

  const base = { debug: '0', interfaces: [{ type: 'tap' }] };

  test('assignments change, add and remove', () => {
    assert.deepEqual(layered([base], 'debug=1').document, { ...base, debug: '1' });
    assert.deepEqual(layered([base], 'debug=null').document, { interfaces: base.interfaces });
    assert.deepEqual(layered([base], 'interfaces.0.mtu=9000').document, {
      ...base,
      interfaces: [{ type: 'tap', mtu: '9000' }],
    });
    assert.deepEqual(layered([base], 'interfaces[1].type=tap', 'interfaces[1].param=a=b').document, {
      ...base,
      interfaces: [{ type: 'tap' }, { type: 'tap', param: 'a=b' }],
    });
    assert.deepEqual(layered([], 'interfaces.0.type=tap').document, { interfaces: [{ type: 'tap' }] });
    assert.deepEqual(layered([base], 'interfaces=[]').document, { debug: '0', interfaces: [] });
    assert.deepEqual(layered([base], 'interfaces.0.type=null').document, { debug: '0', interfaces: [{}] });
  });

  test('assignments reach into objects, whose names may have dots', () => {
    assert.deepEqual(layered([], 'sysctl.net.ipv4.tcp_sack=0').document, { sysctl: { 'net.ipv4.tcp_sack': '0' } });
    assert.deepEqual(layered([{ sysctl: { a: '1' } }], 'sysctl={"b":"2"}').document, { sysctl: { b: '2' } });
  });

  test('the value of an assignment is the text after the first equals sign', () => {
    assert.deepEqual(layered([], 'boot_cmdline=ip=dhcp quiet').document, { boot_cmdline: 'ip=dhcp quiet' });
    assert.deepEqual(layered([], 'boot_cmdline=').document, { boot_cmdline: '' });
  });

  test('assignments are refused where there is no place for them', () => {
    const refused: [string, RegExp][] = [
      ['debug', /not an assignment/],
      ['=1', /not an assignment/],
      ['interfaces.2.mtu=1', /there is 1 of them; the next one is interfaces\.1/],
      ['interfaces.x.mtu=1', /names no interface/],
      ['debug.x=1', /debug is "0" and has no members/],
      ['interfaces={', /begins like JSON/],
    ];
    for (const [assignment, message] of refused) {
      assert.throws(
        () => layered([base], assignment),
        (error) => error instanceof AssignmentError && message.test(error.message),
        assignment,
      );
    }
    assert.throws(() => layered([{ interfaces: 'x' }], 'interfaces.0.mtu=1'), /interfaces is "x" and no list/);
  });
});
