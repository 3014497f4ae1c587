// SPDX-License-Identifier: GPL-2.0-or-later
/** What programs find below /proc/net, /proc/sys/net and /sys/class/net, by their own ways to look at files. */
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { hijack } from '../../support/hijack.ts';
import { noHosts } from '../../support/namespace.ts';
import { CONFIG, tapHost } from '../../support/tap.ts';

const TTL = '/proc/sys/net/ipv4/ip_default_ttl';

const PYTHON = `
import glob, os, socket
print(sorted(os.listdir("/sys/class/net")), sorted(glob.glob("/sys/class/net/*/mtu")))
print([line.split(":")[0].strip() for line in open("/proc/net/dev")][2:])
print(os.path.realpath("/sys/class/net/lo/address"), os.path.isdir("/proc/sys/net/ipv6"))
s = socket.socket()
name = "/proc/self/fd/%d" % s.fileno()
print(os.readlink(name) == "socket:[%d]" % os.fstat(s.fileno()).st_ino, os.stat(name).st_ino == os.fstat(s.fileno()).st_ino)
`;

/** Nothing but builtins: a program that the shell starts has a network of its own. */
const SHELL = `echo 77 > ${TTL}; read x < ${TTL}; echo $x
cd /proc/sys/net/ipv4 && read y < ip_default_ttl; echo $y
for f in /sys/class/net/*; do [ -d $f ] && echo $f; done
[ -e /sys/class/net/none ] || echo none`;

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

async function output(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await hijack(args);
  assert.is(exitCode, 0, stderr);
  return stdout;
}

define('network view', (test) => {
  test('python3', async () => {
    const expected = [
      "['lo'] ['/sys/class/net/lo/mtu']",
      "['lo']",
      '/sys/devices/virtual/net/lo/address True',
      'True True',
    ];
    assert.is(await output('python3', '-c', PYTHON), `${expected.join('\n')}\n`);
  });

  // dash reads byte by byte, of which such a file gives the first one alone, on the host too.
  for (const [shell, ttl] of [
    ['bash', '77'],
    ['dash', '7'],
  ] as const) {
    test(`${shell} writes, reads, changes directory and expands patterns; the host is not touched`, async () => {
      const before = readFileSync(TTL, 'utf8');
      assert.is(await output(shell, '-c', SHELL), `${ttl}\n${ttl}\n/sys/class/net/lo\nnone\n`);
      assert.is(readFileSync(TTL, 'utf8'), before);
    });
  }

  test('find, ls and grep walk through it', async () => {
    assert.is(
      await output('find', '/sys/class/net/', '/proc/sys/net/unix'),
      ['/sys/class/net/', '/sys/class/net/lo', '/proc/sys/net/unix', '/proc/sys/net/unix/max_dgram_qlen', ''].join(
        '\n',
      ),
    );
    assert.is(await output('ls', '/sys/class/net'), 'lo\n');
    assert.match(await output('ls', '-l', '/sys/class/net'), 'lo -> ../../devices/virtual/net/lo');
    assert.match(
      await output('grep', '-r', '.', '/proc/sys/net/unix'),
      /^\/proc\/sys\/net\/unix\/max_dgram_qlen:\d+\n$/,
    );
    assert.match(await output('cat', '/proc/net/dev', '/proc/uptime'), /^ +lo:.*\n[0-9.]+ [0-9.]+\n$/m);
  });

  test('the interface of a tap, with its device', async () => {
    const host = tapHost();
    const python = `import os
print(sorted(os.listdir("/sys/class/net")), open("/sys/class/net/eth0/operstate").read().strip())
print(os.path.exists(os.path.realpath("/sys/class/net/eth0/device")), os.path.basename(os.path.realpath("/sys/class/net/eth0/device/driver")))
print(open("/proc/net/route").read().count("eth0") > 0, "c0a80d02" in open("/proc/net/fib_trie").read() or "192.168.13.2" in open("/proc/net/fib_trie").read())`;
    const { stdout, stderr } = await hijack(['python3', '-c', python], { config: CONFIG, netns: host });
    assert.is(stdout, "['eth0', 'lo'] up\nTrue virtio_net\nTrue True\n", stderr);
    host.remove();
  });
});
