// SPDX-License-Identifier: GPL-2.0-or-later
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { makeHost, noHosts } from '../support/namespace.ts';
import { runTestFile } from '../support/runner.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

/** A program that makes a host with a process on it, tells its own process ID, and then does as it is told. */
function program(then: string): [string, ...string[]] {
  const module = pathToFileURL(`${ROOT}dist/test/support/namespace.js`);
  const code = `
    import { spawn } from 'node:child_process';
    import { makeHost } from '${module}';
    const { prefix: [ip, ...args] } = makeHost({ tap: 'tap0' });
    spawn(ip, [...args, 'sleep', '100'], { stdio: 'ignore', detached: true });
    console.log(process.pid);
    ${then}`;
  return [process.execPath, '--input-type=module', '-e', code];
}

function left(pid: string): string[] {
  return readdirSync('/run/netns').filter((name) => name.startsWith(`lkl-test-${pid}-`));
}

define('hosts of tests', (test) => {
  test('have a tap with its addresses, usable at once', () => {
    const host = makeHost({ tap: 'tap7', addresses: ['192.168.13.1/24', 'fd13::1/64'] });
    const shown = host.ip('-o', 'addr', 'show', 'dev', 'tap7');
    assert.match(shown, /inet 192\.168\.13\.1\/24/);
    assert.match(shown, /inet6 fd13::1\/64/);
    assert.doesNotMatch(host.ip('addr', 'show', 'dev', 'tap7'), /fd13::1.*tentative/);
    host.remove();
    assert.ok(!existsSync(`/run/netns/${host.name}`));
  });

  const ends: [how: string, then: string][] = [
    ['ends', 'process.exit(0);'],
    ['throws', "throw new Error('x');"],
    ['is killed', "process.kill(process.pid, 'SIGKILL');"],
    ['hangs', 'setInterval(() => {}, 1000);'],
  ];
  for (const [how, then] of ends) {
    test(`are gone when a test ${how}`, async () => {
      const { output } = await runTestFile({ name: 'x', command: program(then), limit: 5 });
      const pid = /^\d+$/m.exec(output)?.[0] ?? assert.fail(output);
      assert.deepEqual(left(pid), []);
    });
  }

  test('programs run on them', async () => {
    const host = makeHost();
    const [ip = '', ...args] = host.prefix;
    const { stdout } = await execa(ip, [...args, 'ip', '-o', 'link', 'show']);
    assert.match(stdout, /^1: lo: [^\n]*$/);
    host.remove();
  });
});
