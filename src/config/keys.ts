// SPDX-License-Identifier: GPL-2.0-or-later
//
// Every key of the configuration: one row each. The types, the JSON Schema and the reading of environment variables
// are made from it; hijack/config_keys.c has the same rows.

import { key, listKey } from './key.ts';
import {
  absolutePaths,
  addresses,
  anyText,
  commandLine,
  delay,
  integer,
  ipv4,
  ipv6,
  type Kind,
  mac,
  mask,
  neighbours,
  oneOf,
  qdiscs,
  sysctls,
  wordsOf,
} from './kinds.ts';
import { describeTypes, interfaceTypes } from './types.ts';

export const globalKeys = {
  $schema: key(anyText, {
    description: 'The JSON Schema of this file, for editors. lkl-hijack does not look at it.',
    examples: ['./node_modules/lkl-hijack/schemas/lkl-hijack.schema.json'],
  }),
  gateway: key(ipv4, {
    description: 'IPv4 default gateway of LKL.',
    examples: ['192.168.0.1'],
    variable: 'LKL_HIJACK_NET_GATEWAY',
  }),
  gateway6: key(ipv6, {
    description: 'IPv6 default gateway of LKL.',
    examples: ['2001:db8:0:f101::1'],
    variable: 'LKL_HIJACK_NET_GATEWAY6',
  }),
  debug: key(mask('a number, such as 1 or 0x100'), {
    description:
      'Bit mask: 0 is silent; with any bit the messages of the kernel and of the library go to standard error. With 0x100 the kernel stays after the end of the program, until Enter is pressed or a signal comes.',
    examples: ['1', '0x100'],
    variable: 'LKL_HIJACK_DEBUG',
    default: '0',
  }),
  boot_cmdline: key(commandLine, {
    description:
      "The kernel's command line. With idle=halt a thread that waits in LKL sleeps at once, with idle=poll it looks for packets all the time; without, it looks for 50 µs while waits are short.",
    examples: ['mem=1G', 'ip=dhcp', 'idle=poll'],
    variable: 'LKL_HIJACK_BOOT_CMDLINE',
  }),
  singlecpu: key(integer('0, 1 or 2', 0, 2), {
    description:
      "1: LKL's own thread stays on one CPU of the host. 2: the program's threads too, which work for LKL while they wait for the network.",
    examples: ['1', '2'],
    variable: 'LKL_HIJACK_SINGLE_CPU',
    default: '0',
  }),
  sysctl: listKey(sysctls, {
    description:
      "Sysctls that are set before main(), separated by semicolons; or an array of them, or an object. Names are those below LKL's /proc/sys, with dots or slashes.",
    examples: [
      'net.ipv4.tcp_wmem=4096 87380 2147483647',
      'net.ipv4.tcp_congestion_control=bbr;net.core.default_qdisc=fq',
    ],
    variable: 'LKL_HIJACK_SYSCTL',
  }),
  mount: listKey(wordsOf('a file system that needs no device', ['proc', 'sysfs', 'devtmpfs', 'ramfs', 'tmpfs']), {
    description:
      'File systems that are mounted inside LKL, each on the directory of its name: proc on /proc, sysfs on /sysfs.',
    examples: ['proc,sysfs'],
    variable: 'LKL_HIJACK_MOUNT',
  }),
  dump: listKey(absolutePaths, {
    description:
      'Files inside LKL that are printed on standard error when the program ends. What is there, mount says.',
    examples: ['/sysfs/class/net/lo/mtu'],
    variable: 'LKL_HIJACK_DUMP',
  }),
  nameserver: listKey(addresses, {
    description:
      "Addresses of name servers, separated by commas, or an array of them: the program sees them as its /etc/resolv.conf. Without it, those that DHCP has brought, else the host's file.",
    examples: ['192.168.0.1', '192.168.0.1,2001:db8::1'],
    variable: 'LKL_HIJACK_NET_NAMESERVER',
  }),
  delay_main: key(delay, {
    description:
      'Microseconds between the end of the set-up and main(); or "auto": until every IPv6 address is usable, at most 5 seconds.',
    examples: ['500000', 'auto'],
    variable: 'LKL_HIJACK_DELAY_MAIN',
    default: '0',
  }),
};

const maskLength = (bits: number): Kind<number> => integer(`a prefix length from 1 to ${bits}`, 1, bits);

export const interfaceKeys = {
  type: key(oneOf('a known interface type', Object.keys(interfaceTypes)), {
    description: `What the interface is on the host. ${describeTypes(({ what }) => what)}`,
    examples: ['tap'],
    variable: 'LKL_HIJACK_NET_IFTYPE',
  }),
  param: key(anyText, {
    description: `Which one it is on the host. ${describeTypes(({ param }) => param.form)}`,
    examples: [...new Set(Object.values(interfaceTypes).flatMap(({ param: { example } }) => example ?? []))],
    variable: 'LKL_HIJACK_NET_IFPARAMS',
  }),
  mtu: key(integer('a number of bytes from 68 to 65535', 68, 65535), {
    description: 'Largest packet, in bytes; at least 1280 with IPv6.',
    examples: ['1500', '9000'],
    variable: 'LKL_HIJACK_NET_MTU',
    default: '1500',
  }),
  ip: key(ipv4, {
    description: 'IPv4 address of the interface; needs masklen.',
    examples: ['192.168.0.2'],
    variable: 'LKL_HIJACK_NET_IP',
  }),
  masklen: key(maskLength(32), {
    description: 'Prefix length of the IPv4 address.',
    examples: ['24'],
    variable: 'LKL_HIJACK_NET_NETMASK_LEN',
  }),
  ifgateway: key(ipv4, {
    description:
      "Gateway of what comes from the interface's IPv4 address: a rule leads it to routing table 2 × the interface's index, which has the way to its subnet and a default route. For Multipath TCP, for example.",
    examples: ['192.168.0.1'],
    variable: 'LKL_HIJACK_NET_IFGATEWAY',
  }),
  ipv6: key(ipv6, {
    description: 'IPv6 address of the interface; needs masklen6.',
    examples: ['2001:db8:0:f101::2'],
    variable: 'LKL_HIJACK_NET_IPV6',
  }),
  masklen6: key(maskLength(128), {
    description: 'Prefix length of the IPv6 address.',
    examples: ['64'],
    variable: 'LKL_HIJACK_NET_NETMASK6_LEN',
  }),
  ifgateway6: key(ipv6, {
    description: 'The same as ifgateway for the IPv6 address; the table is 2 × the index + 1.',
    examples: ['2001:db8:0:f101::1'],
    variable: 'LKL_HIJACK_NET_IFGATEWAY6',
  }),
  mac: key(mac, {
    description: 'MAC address of the interface in LKL; without it a random one that is locally administered.',
    examples: ['12:34:56:78:9a:bc'],
    variable: 'LKL_HIJACK_NET_MAC',
  }),
  neigh: listKey(neighbours, {
    description:
      'Permanent neighbours: addresses of either family with the MAC addresses behind them, separated by semicolons; or an array of them, or an object.',
    examples: ['192.168.0.1|12:34:56:78:9a:bc;2001:db8:0:f101::1|12:34:56:78:9a:be'],
    variable: 'LKL_HIJACK_NET_NEIGHBOR',
  }),
  qdisc: listKey(qdiscs, {
    description:
      'Queueing disciplines with their parents, separated by semicolons; or an array of them, or an object. A parent is root, ingress, clsact or a class such as 1:10.',
    examples: ['root|fq', 'root|fq_codel;ingress|ingress'],
    variable: 'LKL_HIJACK_NET_QDISC',
  }),
  offload: key(mask('a mask of virtio-net feature bits, such as 0xc803'), {
    description: 'Mask of virtio-net feature bits that the interface offers (OASIS virtio 1.2, section 5.1.3).',
    examples: ['0xc803', '0x8002'],
    variable: 'LKL_HIJACK_OFFLOAD',
  }),
};
