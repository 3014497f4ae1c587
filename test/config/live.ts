// SPDX-License-Identifier: GPL-2.0-or-later
//
// `lint --live` looks at the host that it runs on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { makeHost, noHosts } from '../support/namespace.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

define('lint --live', (test) => {
  const host = makeHost({ tap: 'tap0' });
  host.ip('tuntap', 'add', 'dev', 'tap7', 'mode', 'tap', 'user', '12345');
  host.ip('tuntap', 'add', 'dev', 'tun0', 'mode', 'tun');

  const lint = (param: string, before: readonly string[] = [], options = ['--live']) => {
    const [program = '', ...args] = [...host.prefix, ...before, path.join(ROOT, 'bin', 'lkl-config')];
    const input = JSON.stringify({ interfaces: [{ type: 'tap', param }] });
    const { stdout } = spawnSync(program, [...args, 'lint', ...options, '-'], { input, encoding: 'utf8' });
    return stdout.replace(/^-:1:38: error: interfaces\[0\]\.param: (.*) \[host-device\]\n$/, '$1');
  };
  const as = (user: string): string[] => ['setpriv', '--reuid', user, '--regid', user, '--clear-groups'];

  test('finds a tap that is not there', () => {
    assert.equal(lint('tap1'), 'this host has no interface tap1; ip tuntap add dev tap1 mode tap');
    assert.equal(
      lint('tap1', as('12345')),
      'this host has no interface tap1; ip tuntap add dev tap1 mode tap user 12345',
    );
    assert.equal(lint('tap1', [], []), '');
  });

  test('finds what is no tap', () => {
    assert.equal(lint('lo'), 'lo is an interface of this host, but no tap; name a tap');
    assert.equal(lint('tun0'), 'tun0 is an interface of this host, but no tap; name a tap');
  });

  test('finds a tap of another user', () => {
    assert.equal(
      lint('tap7', as('23456')),
      'tap7 belongs to the user 12345; start lkl-hijack as that user, or as root',
    );
  });

  test('is content with one that can be opened', () => {
    assert.equal(lint('tap0'), '');
    assert.equal(lint('tap7'), '');
    // Not every host lets all users open it.
    const open = (statSync('/dev/net/tun').mode & 0o006) === 0o006;
    const refused = '/dev/net/tun is not for this user to open; correct its permissions';
    assert.equal(lint('tap7', as('12345')), open ? '' : refused);
  });
});
