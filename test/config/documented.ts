// SPDX-License-Identifier: GPL-2.0-or-later
//
// The examples of the documentation that users copy from, slips and all: each is right, or what is wrong with it is
// told, and repaired where that can be done.
import assert from 'node:assert/strict';
import { fixText } from '../../src/config/fix.ts';
import { lintText } from '../../src/config/lint.ts';
import { define } from '../support/define.ts';
import { SAMPLE_TEXT } from '../support/sample.ts';

/** Members as they stand there, where they belong, and what is found. */
const SNIPPETS: readonly [where: 'top' | 'interface', members: string, ...rules: string[]][] = [
  ['top', '"gateway":"192.168.0.1"', 'gateway-outside-subnet'],
  ['top', '"gateway6":"2001:db8:0:f101::1"', 'gateway-outside-subnet'],
  ['top', '"debug":"1"'],
  ['top', '"singlecpu":"1"'],
  ['top', '"sysctl":"net.ipv4.tcp_wmem=4096 87380 2147483647"'],
  ['top', '"boot_cmdline": "mem=1G"'],
  ['top', '"boot_cmdline":"ip=dhcp"', 'dhcp-without-interface'],
  ['top', '"mount": "proc,sysfs"'],
  ['top', '"delay_main":"500000"'],
  ['interface', '"type":"tap"', 'missing-key'],
  ['interface', '"type":"tap",\n "param":"tap0"'],
  ['interface', '"mtu":"1280"'],
  ['interface', '"ip":"192.168.0.2"', 'address-pair'],
  ['interface', '"ip":"192.168.0.2",\n "masklen":"24"', 'no-default-route'],
  ['interface', '"ip":"192.168.0.2",\n "masklen":"24",\n "ifgateway":"192.168.0.1"'],
  ['interface', '"ipv6":"2001:db8:0:f101::2"', 'address-pair'],
  ['interface', '"ipv6":"2001:db8:0:f101::2",\n "masklen":"64"', 'ipv6-with-masklen'],
  [
    'interface',
    '"ipv6":"2001:db8:0:f101::2",\n "masklen":"64"\n "ifgateway6":"2001:db8:0:f101::1",',
    'ipv6-with-masklen',
    'syntax',
    'strict-json',
  ],
  ['interface', '"mac":"12:34:56:78:9a:bc"'],
  [
    'interface',
    '"neigh":"192.168.0.1|12:34:56:78:9a:bc;2001:db8:0:f101::1|12:34:56:78:9a:be"',
    // One for each entry would be one place twice.
    'neigh-unreachable',
  ],
  ['interface', '"qdisc":"root|fq"'],
  ['interface', '"offload":"0x8002"'],
];

/** What can be repaired, and what is left then. */
const REPAIRED: Readonly<Record<string, readonly string[]>> = {
  'ipv6-with-masklen': ['no-default-route'],
  'ipv6-with-masklen syntax strict-json': [],
};

const lint = (text: string) => lintText(text, 'lkl-hijack.json', { rules: new Map() });
const ids = (text: string): string[] => lint(text).map(({ rule }) => rule);

/** A snippet in a file of its own; an interface is a tap unless it says so itself. */
function wrap(where: 'top' | 'interface', members: string): string {
  if (where === 'top') {
    return `{\n ${members}\n}\n`;
  }
  const tap = members.includes('"type"') ? '' : '"type":"tap", "param":"tap0", ';
  return `{ "interfaces":[{ ${tap}\n ${members}\n}] }\n`;
}

define('the documented examples', (test) => {
  test('the whole file starts, and what it asks for twice is told', () => {
    assert.deepEqual(
      lint(SAMPLE_TEXT).map(({ rule, severity }) => [rule, severity]),
      [['dhcp-and-static', 'warning']],
    );
  });

  for (const [where, members, ...rules] of SNIPPETS) {
    test(members, () => {
      const text = wrap(where, members);
      assert.deepEqual(ids(text), rules);
      const repaired = REPAIRED[rules.join(' ')];
      const fixed = fixText(text, lint).text;
      assert.equal(fixed === text, repaired === undefined);
      if (repaired !== undefined) {
        assert.deepEqual(ids(fixed), repaired);
        assert.equal(
          fixed,
          text
            .replace('"masklen":"64"\n "if', '"masklen":"64",\n "if')
            .replace('"masklen"', '"masklen6"')
            .replace('::1",\n}', '::1"\n}'),
        );
      }
    });
  }

  test('members without braces, as they are printed', () => {
    const members = '"gateway6":"fe80::1",\n"debug":"1"\n';
    assert.deepEqual(ids(members), ['syntax', 'gateway-outside-subnet']);
    assert.equal(fixText(members, lint).text, '{"gateway6":"fe80::1",\n"debug":"1"}\n');
  });
});
