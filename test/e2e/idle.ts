// SPDX-License-Identifier: GPL-2.0-or-later
/** How a thread waits inside: asleep, or looking for events for a while. */
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { hijack } from '../support/hijack.ts';
import { CONFIG, listening, startOnHost, tapHost } from '../support/tap.ts';

/** Waits ten times for 20 ms, and prints how often the host has put the thread to sleep. */
const WAITS = `
import resource, socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack('ll', 0, 20000))
sleeps = lambda: resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
before = sleeps()
for _ in range(10):
    try:
        s.recv(1)
    except BlockingIOError:
        pass
print(sleeps() - before)
`;

const ECHO = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('192.168.13.1', 7))
while True:
    s.sendto(*s.recvfrom(64))
`;

/** Sends 200 requests, each after the last one's answer, and prints how many answers the driver was polled for. */
const REQUESTS = `
import socket, sys
SO_BUSY_POLL = 46
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(('192.168.13.1', 7))
s.settimeout(10)
for i in range(200):
    if i == 1:
        s.settimeout(None)
        s.setsockopt(socket.SOL_SOCKET, SO_BUSY_POLL, int(sys.argv[1]))
    s.send(b'x')
    assert s.recv(64) == b'x'
names, values = [l.split() for l in open('/proc/net/netstat') if l.startswith('TcpExt')]
print(dict(zip(names, values))['BusyPollRxPackets'])
`;

async function sleeps(boot_cmdline: string): Promise<number> {
  const { exitCode, stdout, stderr } = await hijack(['python3', '-c', WAITS], { config: { boot_cmdline } });
  assert.is(exitCode, 0, stderr);
  return Number(stdout);
}

define('waiting inside', (test) => {
  test('idle=poll never sleeps, idle=halt always; otherwise waits that are not short are slept through', async () => {
    assert.is(await sleeps('idle=poll'), 0);
    assert.ok((await sleeps('idle=halt')) >= 10);
    assert.ok((await sleeps('')) >= 10);
  });

  test('SO_BUSY_POLL polls the driver', async () => {
    const host = tapHost();
    startOnHost(host, 'python3', '-c', ECHO);
    await listening(host, 7);
    const polled = async (microseconds: number): Promise<number> => {
      const command = ['python3', '-c', REQUESTS, String(microseconds)];
      const { exitCode, stdout, stderr } = await hijack(command, { config: CONFIG, netns: host });
      assert.is(exitCode, 0, stderr);
      return Number(stdout);
    };
    assert.is(await polled(0), 0);
    assert.ok((await polled(500)) > 0);
  });
});
