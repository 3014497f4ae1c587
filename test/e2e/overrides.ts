// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the launcher puts together of several files, variables and overrides is what LKL's network is.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { define, skip } from '../support/define.ts';
import { hijack, temporaryDirectory, writeConfiguration } from '../support/hijack.ts';
import { makeHost, noHosts } from '../support/namespace.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

define('a configuration of several parts', (test) => {
  test('is in force', async () => {
    const netns = makeHost({ tap: 'tap7' });
    try {
      const base = path.join(temporaryDirectory(), 'base.jsonc');
      writeFileSync(
        base,
        `{
          // The tap's name is the machine's.
          "gateway": "10.1.1.1",
          "interfaces": [{ "type": "tap", "param": "\${TAP}", "ip": "10.1.1.2", "masklen": 24, },],
        }`,
      );
      const { stdout, stderr } = await hijack(
        [
          '-c',
          base,
          '-c',
          writeConfiguration({ gateway: '10.1.1.9' }),
          '--set=interfaces.0.mtu=9000',
          'ip',
          '-br',
          'a',
        ],
        { netns, config: {}, env: { TAP: 'tap7' } },
      );
      assert.match(stdout, /eth0 .*10\.1\.1\.2\/24/, stderr);
      const shown = async (...what: string[]) =>
        (
          await hijack(['-c', base, '--set', 'interfaces.0.mtu=9000', ...what], {
            netns,
            config: {},
            env: { TAP: 'tap7' },
          })
        ).stdout;
      assert.match(await shown('ip', 'link', 'show', 'eth0'), /mtu 9000/);
      assert.match(await shown('ip', 'route'), /default via 10\.1\.1\.1 /);
    } finally {
      netns.remove();
    }
  });

  test('leaves nothing behind, and no descriptor in the program', async () => {
    const directory = path.join(temporaryDirectory(), 'run');
    mkdirSync(directory);
    const env = { TMPDIR: directory, XDG_RUNTIME_DIR: directory, XDG_CACHE_HOME: directory, HOME: directory };
    const set = ['--set', 'boot_cmdline=mem=64M'];
    const list = ['ls', '/proc/self/fd'];
    const killed = await hijack([...set, 'sh', '-c', 'kill -9 $$'], { config: {}, env, cwd: directory });
    assert.equal(killed.signal, 'SIGKILL');
    assert.deepEqual(readdirSync(directory), []);
    assert.equal((await hijack([...set, ...list], { config: {} })).stdout, (await hijack(list, { config: {} })).stdout);
  });
});
