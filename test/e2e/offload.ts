// SPDX-License-Identifier: GPL-2.0-or-later
/** What `offload` masks do: seen by ethtool in LKL, and on the host by the sizes of the packets on the tap. */
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { hijack } from '../support/hijack.ts';
import { type Host, makeHost, noHosts } from '../support/namespace.ts';
import { listening, onHost } from '../support/tap.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const BULK = path.join(ROOT, 'build/Release/tests/tools/bulk');
const MIB = '16';
const MTU = 1500;
const ETHERNET = 14;

interface Case {
  readonly offload?: string;
  /** Of `ethtool -k`. */
  readonly on: readonly string[];
  readonly off: readonly string[];
  /** Packets larger than the MTU, checksums that are left to the other side. */
  readonly sends: 'large' | 'open' | 'plain';
  readonly receives: 'large' | 'open' | 'plain';
}

const TSO = ['tx-tcp-segmentation', 'tx-tcp6-segmentation'];

const CASES: readonly Case[] = [
  { on: ['rx-checksumming', 'tx-checksumming', ...TSO, 'rx-gro-hw'], off: [], sends: 'large', receives: 'large' },
  { offload: '0x0', on: [], off: ['tx-checksumming', ...TSO, 'rx-gro-hw'], sends: 'plain', receives: 'plain' },
  {
    offload: '0x8002',
    on: ['rx-checksumming'],
    off: ['tx-checksumming', ...TSO, 'rx-gro-hw'],
    sends: 'plain',
    receives: 'open',
  },
  {
    offload: '0xc803',
    on: ['rx-checksumming', 'tx-checksumming', 'tx-tcp-segmentation'],
    off: ['tx-tcp6-segmentation', 'rx-gro-hw'],
    sends: 'large',
    receives: 'open',
  },
];

/** The lengths of the packets with data that an address has sent, and whether all their checksums are complete. */
interface Seen {
  readonly largest: number;
  readonly complete: boolean;
}

/** Runs `body` while the packets on the host's end of the tap are looked at. */
async function captured(host: Host, body: () => Promise<void>): Promise<(source: string) => Seen> {
  // No more of each than its headers is kept where all are large: checksums are looked at in packets of the MTU.
  const [program = '', ...args] = [
    ...host.prefix,
    ...['tcpdump', '-i', 'tap0', '-nn', '-v', '-l', '-B', '65536', '--immediate-mode', 'tcp'],
  ];
  const tcpdump = execa(program, args, { reject: false, maxBuffer: 1 << 28 });
  await new Promise((resolve) => tcpdump.stderr.once('data', resolve));
  await body();
  tcpdump.kill('SIGINT');
  const { stdout } = await tcpdump;
  return (source) => {
    const packets = stdout.split(/\n(?=\S)/).filter((text) => text.includes(`\n    ${source}.`));
    const lengths = packets.map((text) => Number(/, length (\d+)\)/.exec(text)?.[1] ?? 0) + ETHERNET);
    return { largest: Math.max(0, ...lengths), complete: !packets.some((text) => text.includes('(incorrect')) };
  };
}

function check(kind: Case['sends'], { largest, complete }: Seen, who: string): void {
  assert.ok(largest >= MTU + ETHERNET - 60, `${who}: ${largest}`);
  assert.is(largest > MTU + ETHERNET, kind === 'large', `${who}: the largest packet has ${largest} bytes`);
  if (kind !== 'large') {
    assert.is(complete, kind === 'plain', `${who}: checksums`);
  }
}

define('offload', (test) => {
  for (const { offload, on, off, sends, receives } of CASES) {
    test(`${offload ?? 'default'}: LKL sends ${sends} packets and gets ${receives} ones`, async () => {
      const host = makeHost({ tap: 'tap0', addresses: ['192.168.13.1/24'] });
      const config = {
        interfaces: [
          {
            type: 'tap',
            param: 'tap0',
            ip: '192.168.13.2',
            masklen: 24,
            ...(offload === undefined ? {} : { offload }),
          },
        ],
      };
      const { stdout, stderr } = await hijack(['ethtool', '-k', 'eth0'], { config, netns: host });
      assert.is(stderr, '');
      const states = new Map(stdout.split('\n').map((line) => line.trim().split(/: | \[/, 2) as [string, string]));
      for (const name of [...on, ...off]) {
        assert.is(states.get(name), on.includes(name) ? 'on' : 'off', name);
      }

      const seen = await captured(host, async () => {
        const server = onHost(host, BULK, 'serve', '7000', MIB);
        await listening(host, 7000);
        const client = await hijack([BULK, 'connect', '192.168.13.1', '7000', MIB], { config, netns: host });
        assert.is(client.exitCode, 0, client.stderr);
        await server;
      });
      check(sends, seen('192.168.13.2'), 'LKL');
      check(receives, seen('192.168.13.1'), 'the host');
      host.remove();
    });
  }
});
