// SPDX-License-Identifier: GPL-2.0-or-later
/** ssh, scp and sftp log in to a host, run commands there and move files. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { hijack, startHijacked, temporaryDirectory } from '../../support/hijack.ts';
import { type Host, noHosts } from '../../support/namespace.ts';
import { accepting, CONFIG, FAMILIES, listening, onHost, startOnHost, tapHost } from '../../support/tap.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const directory = temporaryDirectory();
const [hostKey, key, otherKey] = ['host', 'user', 'stranger'].map((name) => {
  const file = path.join(directory, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  return file;
}) as [string, string, string];
copyFileSync(`${key}.pub`, path.join(directory, 'authorized'));
const [type, publicKey] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ');
const names = FAMILIES.map(({ host }) => host).join(',');
writeFileSync(path.join(directory, 'known'), `${names} ${type} ${publicKey}\n`);
writeFileSync(
  path.join(directory, 'sshd_config'),
  `HostKey ${hostKey}
   AuthorizedKeysFile ${directory}/authorized
   StrictModes no
   PermitRootLogin yes
   PidFile none
   UsePAM no
   Subsystem sftp internal-sftp\n`,
);

/** What every client is told. */
function options(identity = key): string[] {
  const known = `UserKnownHostsFile=${directory}/known`;
  return ['-F', 'none', '-i', identity, '-o', known, '-o', 'GlobalKnownHostsFile=none', '-o', 'BatchMode=yes'];
}

const SAYS_HELLO = `require('node:net').createServer((peer) => peer.end('hello\\n')).listen(8000, '127.0.0.1')`;

async function sshHost(): Promise<Host> {
  const host = tapHost();
  // Where sshd shuts itself in before it knows who is there.
  mkdirSync('/run/sshd', { recursive: true });
  startOnHost(host, '/usr/sbin/sshd', '-D', '-f', path.join(directory, 'sshd_config'));
  await listening(host, 22);
  return host;
}

define('ssh', (test) => {
  for (const { name, host: address } of FAMILIES) {
    test(`a command's input, output and status, ${name}`, async () => {
      const host = await sshHost();
      const input = randomBytes(2 << 20).toString('base64');
      const command = 'sha256sum; echo to stderr >&2; exit 7';
      const ssh = await hijack(['ssh', ...options(), `root@${address}`, command], {
        config: CONFIG,
        netns: host,
        input,
      });
      assert.is(ssh.exitCode, 7, ssh.stderr);
      assert.is(ssh.stderr, 'to stderr\n');
      assert.is(ssh.stdout.split(' ')[0], createHash('sha256').update(input).digest('hex'));
      host.remove();
    });
  }

  test('a key that nobody has authorized, and a host with another key', async () => {
    const host = await sshHost();
    const target = `root@${FAMILIES[0].host}`;
    const stranger = await hijack(['ssh', ...options(otherKey), target, 'true'], { config: CONFIG, netns: host });
    assert.is(stranger.exitCode, 255);
    assert.match(stranger.stderr, 'Permission denied (publickey');
    const wrong = path.join(directory, 'wrong');
    writeFileSync(wrong, `${names} ${readFileSync(`${otherKey}.pub`, 'utf8')}`);
    const args = ['-o', `UserKnownHostsFile=${wrong}`, ...options(), target, 'true'];
    const changed = await hijack(['ssh', ...args], { config: CONFIG, netns: host });
    assert.is(changed.exitCode, 255);
    assert.match(changed.stderr, 'Host key verification failed.');
    host.remove();
  });

  test('a port of LKL forwarded to the host', async () => {
    const host = await sshHost();
    // One that never stops listening: accepting() below makes a connection of its own.
    startOnHost(host, process.execPath, '-e', SAYS_HELLO);
    await listening(host, 8000);
    const { lkl, host: address } = FAMILIES[0];
    const ssh = startHijacked(['ssh', ...options(), '-N', '-L', `${lkl}:9000:127.0.0.1:8000`, `root@${address}`], {
      config: CONFIG,
      netns: host,
    });
    await accepting(host, lkl, 9000);
    assert.is(await onHost(host, 'nc', '-d', lkl, '9000'), 'hello');
    ssh.kill('SIGTERM');
    await ssh;
    host.remove();
  });
});
