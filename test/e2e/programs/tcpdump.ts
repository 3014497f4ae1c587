// SPDX-License-Identifier: GPL-2.0-or-later
/** tcpdump inside LKL, which reads its packets from a ring in memory: what it shows, and what it writes to a file. */
import path from 'node:path';
import * as assert from 'uvu/assert';
import { define, skip } from '../../support/define.ts';
import { startHijacked, temporaryDirectory } from '../../support/hijack.ts';
import { noHosts } from '../../support/namespace.ts';
import { CONFIG, onHost, tapHost } from '../../support/tap.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

/** Resolves when a program has said something on standard error. */
function says(program: ReturnType<typeof startHijacked>, text: string): Promise<void> {
  let all = '';
  return new Promise((resolve, reject) => {
    program.stderr.on('data', (data: Buffer) => {
      all += data.toString();
      if (all.includes(text)) {
        resolve();
      }
    });
    program.stderr.on('end', () => reject(new Error(all)));
  });
}

define('tcpdump', (test) => {
  for (const mode of [[], ['--immediate-mode']]) {
    test(`shows pings ${mode.join(' ')}`, async () => {
      const host = tapHost();
      const tcpdump = startHijacked(['tcpdump', '-i', 'eth0', '-nn', '-c', '6', ...mode, 'icmp'], {
        config: CONFIG,
        netns: host,
      });
      await says(tcpdump, 'listening on eth0');
      await onHost(host, 'ping', '-c', '3', '-i', '0.1', '-s', '100', '192.168.13.2');
      const { stdout, stderr, exitCode } = await tcpdump;
      assert.is(exitCode, 0, stderr);
      for (let sequence = 1; sequence <= 3; sequence++) {
        assert.match(stdout, `IP 192.168.13.1 > 192.168.13.2: ICMP echo request, id`);
        assert.match(stdout, new RegExp(`192.168.13.1: ICMP echo reply, id \\d+, seq ${sequence}, length 108`));
      }
      assert.match(stderr, '6 packets captured');
      assert.match(stderr, '0 packets dropped by kernel');
      host.remove();
    });
  }

  test('writes a file that the host reads', async () => {
    const host = tapHost();
    const file = path.join(temporaryDirectory(), 'pings.pcap');
    const tcpdump = startHijacked(['tcpdump', '-i', 'eth0', '-U', '-c', '10', '-w', file, 'icmp'], {
      config: CONFIG,
      netns: host,
    });
    await says(tcpdump, 'listening on eth0');
    await onHost(host, 'ping', '-c', '5', '-i', '0.1', '-s', '1400', '192.168.13.2');
    assert.is((await tcpdump).exitCode, 0);
    const shown = await onHost(host, 'tcpdump', '-nn', '-r', file);
    assert.is(shown.match(/ICMP echo (request|reply), id \d+, seq \d, length 1408/g)?.length, 10, shown);
    host.remove();
  });
});
