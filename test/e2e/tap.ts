// SPDX-License-Identifier: GPL-2.0-or-later
/** examples/tap on a host of the test's own: both ways, both families, real programs, real data. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { hijack, startHijacked, temporaryDirectory } from '../support/hijack.ts';
import { type Host, noHosts } from '../support/namespace.ts';
import { makeSite } from '../support/nginx.ts';
import { accepting, CONFIG, CONFIG_FILE, FAMILIES, listening, onHost, startOnHost, tapHost } from '../support/tap.ts';
import { waitFor } from '../support/wait.ts';

const SIZE = 1 << 30;

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

/** A web server on the host that serves the files in `www` of a directory. */
async function serve(host: Host, directory: string): Promise<void> {
  startOnHost(host, ...makeSite(directory).command);
  await listening(host, 80);
}

/** A file of random bytes; a repeated block, so that making it does not take longer than sending it. */
function makeFile(file: string): void {
  const block = randomBytes(16 << 20);
  const fd = openSync(file, 'w');
  for (let written = 0; written < SIZE; written += block.length) {
    block.writeUInt32BE(written / block.length, 0);
    writeSync(fd, block);
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

/** Bytes per second that iperf3 says were received. */
function received(output: string): number {
  const report = JSON.parse(output) as { end: { sum_received: { bytes: number } }; error?: string };
  assert.is(report.error, undefined);
  return report.end.sum_received.bytes;
}

define('tap', (test) => {
  for (const { name, host: hostAddress, lkl } of FAMILIES) {
    test(`ping from LKL, ${name}`, async () => {
      const host = tapHost();
      const ping = await hijack(['--private-copy', 'ping', '-c', '3', '-i', '0.1', hostAddress], {
        config: CONFIG,
        netns: host,
      });
      assert.match(ping.stdout, '3 packets transmitted, 3 received, 0% packet loss', ping.stderr);
      assert.is(ping.exitCode, 0);
      host.remove();
    });

    test(`ping from the host while the program does nothing, ${name}`, async () => {
      const host = tapHost();
      const program = startHijacked(['sleep', '60'], { config: CONFIG, netns: host });
      await waitFor('the interface', async () =>
        (await onHost(host, 'ip', 'link', 'show', 'tap0')).includes('LOWER_UP'),
      );
      assert.match(await onHost(host, 'ping', '-c', '3', '-i', '0.1', lkl), '3 received');
      program.kill('SIGKILL');
      await program;
      host.remove();
    });

    test(`iperf3 both ways, LKL the client, ${name}`, async () => {
      const host = tapHost();
      startOnHost(host, 'iperf3', '-s');
      await listening(host, 5201);
      for (const way of [[], ['-R']]) {
        const iperf = await hijack(['iperf3', '-J', '-t', '2', '-c', hostAddress, ...way], {
          config: CONFIG,
          netns: host,
        });
        assert.ok(received(iperf.stdout) > 10_000_000, iperf.stdout);
      }
      host.remove();
    });

    test(`iperf3 both ways, LKL the server, 50 connections at once, ${name}`, async () => {
      const host = tapHost();
      const server = startHijacked(['iperf3', '-s'], { config: CONFIG, netns: host });
      await accepting(host, lkl, 5201);
      for (const way of [[], ['-R'], ['-P', '50']]) {
        const output = await onHost(host, 'iperf3', '-J', '-t', '2', '-c', lkl, ...way);
        assert.ok(received(output) > 10_000_000, output);
      }
      server.kill('SIGKILL');
      await server;
      host.remove();
    });
  }

  test(
    'curl fetches 1 GiB, and the checksum is right',
    async () => {
      const host = tapHost();
      const directory = temporaryDirectory();
      mkdirSync(path.join(directory, 'www'));
      makeFile(path.join(directory, 'www', 'data'));
      const expected = await sha256(path.join(directory, 'www', 'data'));
      await serve(host, directory);
      for (const { url } of FAMILIES) {
        const file = path.join(directory, 'fetched');
        const curl = await hijack(['curl', '-sS', '-o', file, `http://${url}/data`], { config: CONFIG, netns: host });
        assert.is(curl.exitCode, 0, curl.stderr);
        assert.is(await sha256(file), expected);
      }
      host.remove();
    },
    { timeout: 180_000 },
  );

  test('a program killed by SIGKILL leaves nothing on the host', async () => {
    const host = tapHost();
    const before = await onHost(host, 'ip', '-br', 'link');
    const program = startHijacked(['sleep', '60'], { config: CONFIG, netns: host });
    await waitFor('the interface', async () => (await onHost(host, 'ip', 'link', 'show', 'tap0')).includes('LOWER_UP'));
    program.kill('SIGKILL');
    assert.is((await program).signal, 'SIGKILL');
    const names = (text: string): string[] => text.split('\n').map((line) => line.split(/\s/)[0] ?? '');
    assert.equal(names(await onHost(host, 'ip', '-br', 'link')), names(before));
    assert.is((await execa('ip', ['netns', 'pids', host.name])).stdout, '');
    // The tap can be taken again at once.
    const again = await hijack(['true'], { config: CONFIG, netns: host });
    assert.is(again.exitCode, 0, again.stderr);
    host.remove();
  });

  test('strace shows no network socket of the host, for a name from /etc/hosts either', async () => {
    const host = tapHost();
    const directory = temporaryDirectory();
    mkdirSync(path.join(directory, 'small', 'www'), { recursive: true });
    writeFileSync(path.join(directory, 'small', 'www', 'index.html'), 'hello\n');
    await serve(host, path.join(directory, 'small'));
    mkdirSync(`/etc/netns/${host.name}`, { recursive: true });
    writeFileSync(`/etc/netns/${host.name}/hosts`, '127.0.0.1 localhost\n192.168.13.1 server.test\n');
    try {
      for (const name of ['192.168.13.1', 'server.test']) {
        const log = path.join(directory, `strace-${name}`);
        const [program = '', ...rest] = [...host.prefix, 'strace', '-f', '-e', 'trace=socket', '-o', log];
        const launcher = path.join(ROOT, 'bin/lkl-hijack');
        const { stdout } = await execa(program, [
          ...rest,
          launcher,
          '--config',
          CONFIG_FILE,
          'curl',
          '-sS',
          `http://${name}/`,
        ]);
        assert.is(stdout, 'hello');
        assert.not.match(readFileSync(log, 'utf8'), /AF_INET|AF_INET6|AF_NETLINK|AF_PACKET/);
        assert.match(readFileSync(log, 'utf8'), /AF_UNIX/);
      }
    } finally {
      await execa('rm', ['-rf', `/etc/netns/${host.name}`]);
    }
    host.remove();
  });
});
