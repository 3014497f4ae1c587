// SPDX-License-Identifier: GPL-2.0-or-later
/** The sample of the document that lkl-hijack follows, word for word: two interfaces with routing tables of their own. */
export const SAMPLE_TEXT = ` {
 "gateway":"192.168.0.1",
 "gateway6":"2001:db8:0:f101::1",
 "debug":"1",
 "singlecpu":"1",
 "sysctl":"net.ipv4.tcp_wmem=4096 87380 2147483647",
 "boot_cmdline":"ip=dhcp",
 "interfaces":[
 {
 "mac":"12:34:56:78:9a:bc",
 "type":"tap",
 "param":"tap7",
 "ip":"192.168.0.2",
 "masklen":"24",
 "ifgateway":"192.168.0.1",
 "ipv6":"2001:db8:0:f101::2",
 "masklen6":"64",
 "ifgateway6":"2001:db8:0:f101::1",
 "offload":"0xc803"
 },
 {
 "mac":"12:34:56:78:9a:bd",
 "type":"tap",
 "param":"tap77",
 "ip":"192.168.1.2",
 "masklen":"24",
 "ifgateway":"192.168.1.1",
 "ipv6":"2001:db8:0:f102::2",
 "masklen6":"64",
 "ifgateway6":"2001:db8:0:f102::1",
 "offload":"0xc803"
 }
 ]
 }
`;

interface SampleInterface {
  readonly mac: string;
  readonly type: string;
  readonly param: string;
  readonly ip: string;
  readonly masklen: string;
  readonly ifgateway: string;
  readonly ipv6: string;
  readonly masklen6: string;
  readonly ifgateway6: string;
  readonly offload: string;
}

interface Sample {
  readonly gateway: string;
  readonly gateway6: string;
  readonly sysctl: string;
  readonly interfaces: readonly [SampleInterface, SampleInterface];
}

export const SAMPLE: Sample = JSON.parse(SAMPLE_TEXT);
