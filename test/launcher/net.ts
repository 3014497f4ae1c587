// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { combineAndCheck } from '../../src/config/combine.ts';
import { Failure } from '../../src/launcher/failure.ts';
import { netInterfaces } from '../../src/launcher/net.ts';
import { define } from '../support/define.ts';

function interfaces(net: string | undefined, ...publish: string[]): unknown {
  return netInterfaces({ net, publish })?.interfaces;
}

function refuses(message: RegExp, net: string | undefined, ...publish: string[]): void {
  assert.throws(
    () => interfaces(net, ...publish),
    (error) => error instanceof Failure && error.status === 125 && message.test(error.message) && !!error.remedy,
  );
}

define('--net and -p', (test) => {
  test('one interface of any type, or none', () => {
    assert.equal(interfaces(undefined), undefined);
    assert.deepEqual(interfaces('none'), []);
    assert.deepEqual(interfaces('user'), [{ type: 'user' }]);
    assert.deepEqual(interfaces('tap:tap0'), [{ type: 'tap', param: 'tap0' }]);
    assert.deepEqual(interfaces('passt:/run/a:b'), [{ type: 'passt', param: '/run/a:b' }]);
    refuses(/there is no such network/, 'usr');
    refuses(/there is no such network/, 'toString:x');
  });

  test('ports, in order and by ranges', () => {
    assert.deepEqual(interfaces('user', '8080:80', '127.0.0.1:5353:53/udp'), [
      { type: 'user', param: '8080:80,127.0.0.1:5353:53/udp' },
    ]);
    assert.deepEqual(interfaces('slirp:1:2', '[::1]:10-12:20-22/tcp'), [
      { type: 'slirp', param: '1:2,[::1]:10:20/tcp,[::1]:11:21/tcp,[::1]:12:22/tcp' },
    ]);
  });

  test('what is no port, and no network that publishes any', () => {
    const wrong = [
      '',
      '80',
      '80:',
      ':80',
      '0:80',
      '80:65536',
      '8080:80/sctp',
      '1.2.3:80:80',
      '[::g]:80:80',
      '::1:80:80',
    ];
    for (const text of [...wrong, '1,2:3', '1-3:1-2', '3-1:3-1', '65535-65536:1-2', '08:80']) {
      refuses(/it is not a port/, 'user', text);
    }
    refuses(/there is none/, undefined, '8080:80');
    for (const net of ['none', 'tap:tap0', 'passt:/run/passt', 'loop', 'usr']) {
      refuses(/publishes no ports/, net, '8080:80');
    }
  });

  test('the interfaces are said once; the rest of a configuration is kept', () => {
    const combined = (document: unknown, variables: Record<string, string> = {}) =>
      combineAndCheck({
        variables: new Map(Object.entries(variables)),
        texts: [{ name: 'a.json', text: JSON.stringify(document), syntax: 'json', references: false }],
        net: netInterfaces({ net: 'user', publish: [] }),
        assignments: ['interfaces.0.mtu=9000'],
      });
    const { document, found } = combined({ gateway: '10.0.2.9', nameserver: '9.9.9.9' });
    assert.deepEqual(found, []);
    assert.deepEqual(document, {
      gateway: '10.0.2.9',
      nameserver: '9.9.9.9',
      interfaces: [{ type: 'user', mtu: '9000' }],
    });
    for (const twice of [combined({ interfaces: [] }), combined({}, { LKL_HIJACK_NET_TAP: 'tap0' })]) {
      const error = twice.found.find(({ finding }) => finding.severity === 'error');
      assert.equal(error?.name, '--net user');
      assert.match(error?.finding.message ?? '', /the interfaces are those of (a\.json|environment) already/);
    }
  });
});
