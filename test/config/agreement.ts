// SPDX-License-Identifier: GPL-2.0-or-later
//
// The library reads configurations by itself; what the model here accepts, it accepts, and what one refuses, the other
// refuses.
import assert from 'node:assert/strict';
import { execa } from 'execa';
import { checkText } from '../../src/config/check.ts';
import { define, skip } from '../support/define.ts';
import { LIBRARY, writeConfiguration } from '../support/hijack.ts';
import { makeHost, noHosts } from '../support/namespace.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

const tap = { type: 'tap', param: 'tap0' };
const ipv4 = { ip: '192.168.13.2', masklen: '24' };
const one = (members: Record<string, unknown>): string => JSON.stringify({ interfaces: [{ ...tap, ...members }] });

/** Values that are right for one key or another, and such as come close. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  debug: [
    '0',
    '0x200',
    '010',
    '08',
    '0x',
    '',
    '-1',
    '+1',
    ' 1',
    '1 ',
    'x',
    0,
    true,
    false,
    1.5,
    null,
    [],
    {},
    '0x10000000000000000',
  ],
  boot_cmdline: ['', 'mem=64M', 'quiet', 'ü', 'a\tb', 'x'.repeat(3073), null],
  gateway: ['01.2.3.4', '1.2.3', '1.2.3.4.5', '1.2.3.4/24', '', '::1', 7],
  gateway6: ['1.2.3.4', 'fe80::1%lo', '1::2::3', ':::', '', '12345::', '1:2:3:4:5:6:7:8:9'],
  singlecpu: ['0', '1', 2, '3', '', 'x', true],
  delay_main: ['0', '1000', 1e3, 'auto', 'AUTO', '-1', '3600000001', '1.5', ''],
  sysctl: [
    '',
    ';',
    'net.ipv4.ip_forward=1',
    'net/ipv4/ip_forward = 1 ;\tnet.ipv4.tcp_sack=0; ',
    'net.ipv4.ip_forward',
    '=1',
    'net ipv4=1',
    'kernel.domainname=',
    'kernel.domainname=ü',
    ['net.ipv4.ip_forward=1', 'net.ipv4.tcp_wmem=4096\t87380 2147483647'],
    ['kernel.domainname=a;b'],
    [' kernel.domainname=a'],
    [''],
    [7],
    [['kernel.domainname=a']],
    { 'net.ipv4.ip_forward': 1, 'net.ipv4.tcp_sack': false, 'kernel.domainname': 'a;b' },
    { 'net.ipv4.ip_forward': null },
    { '': '1' },
    { ' kernel.domainname': '1' },
    7,
    null,
  ],
  mount: [
    '',
    'proc',
    'proc,sysfs',
    ' proc , tmpfs,',
    'proc;sysfs',
    'ext4',
    'PROC',
    ['proc', 'ramfs'],
    ['proc,sysfs'],
    {},
  ],
  dump: ['/sysfs/class/net/lo/mtu', '/a,/b', 'a', '/a,b', '', ['/a,b'], ['a'], [''], '/ü', {}, true],
};
const INTERFACE_VALUES: Readonly<Record<string, readonly unknown[]>> = {
  type: ['', 'TAP', 'tun', 7, null],
  mtu: ['1500', 1500, '0x5dc', '9000', '67', '65536', '1e3', true],
  mac: [
    '12:34:56:78:9a:bc',
    'FE:00:00:00:00:01',
    '11:34:56:78:9a:bc',
    '12-34-56-78-9a-bc',
    '12:34:56:78:9a',
    '00:00:00:00:00:00',
    '1:2:3:4:5:6',
  ],
  offload: ['0', '0xc803', '0x8002', 'all', '-1'],
  ip: ['192.168.13.2', '192.168.13.256', '192.168.13', ''],
  ipv6: ['fd13::2', 'FD13::2', '::ffff:1.2.3', 'fd13::2/64', ''],
  masklen: ['24', '33', 24],
  masklen6: ['64', '129'],
  addr: ['1.2.3.4'],
};

const TEXTS = [
  '{}',
  ' {\n} ',
  '',
  '[]',
  '7',
  '{',
  '{,}',
  '{"debug": "0",}',
  "{'debug': '0'}",
  '{debug: "0"}',
  '// why\n{}',
  '{"debug": 0x1}',
  '{"debug": "0", "debug": "0"}',
  '{"gatewy": "1.2.3.4"}',
  '{"$schema": "x"}',
  '{"interfaces": []}',
  '{"interfaces": {}}',
  '{"interfaces": [7]}',
  '{"interfaces": [{}]}',
  '{"interfaces": [{"type": "tap"}]}',
  '{"interfaces": [{"param": "tap0"}]}',
  one({}),
  one(ipv4),
  one({ ...ipv4, ipv6: 'fd13::2', masklen6: '64' }),
  one({ ipv6: 'fd13::2', masklen6: '64', mtu: '1279' }),
  one({ ipv6: 'fd13::2', masklen6: '64', mtu: '1280' }),
  ...Object.entries(VALUES).flatMap(([name, values]) => values.map((value) => JSON.stringify({ [name]: value }))),
  ...Object.entries(INTERFACE_VALUES).flatMap(([name, values]) => values.map((value) => one({ [name]: value }))),
];

define('the library and the model', (test) => {
  const host = makeHost({ tap: 'tap0' });
  const [ip = '', ...args] = host.prefix;

  test(
    `agree on ${TEXTS.length} texts`,
    async () => {
      const differ: string[] = [];
      for (const text of TEXTS) {
        const { findings } = checkText(text);
        const { exitCode, stderr } = await execa(ip, [...args, 'env', `LD_PRELOAD=${LIBRARY}`, 'true'], {
          env: { LKL_HIJACK_CONFIG_FILE: writeConfiguration(text) },
          reject: false,
        });
        assert.ok(exitCode === 0 || exitCode === 125, `${text}: ${exitCode}: ${stderr}`);
        if ((exitCode === 0) !== (findings.length === 0)) {
          differ.push(
            `${text}: here ${JSON.stringify(findings.map(({ message }) => message))}, there ${exitCode} ${stderr}`,
          );
        }
      }
      assert.deepEqual(differ, []);
    },
    { timeout: 200_000 },
  );
});
