// SPDX-License-Identifier: GPL-2.0-or-later
import { kernelConfigures } from './addresses.ts';
import type { Rule } from './rule.ts';

export const dhcpAndStatic: Rule = {
  id: 'dhcp-and-static',
  severity: 'warning',
  summary: 'The kernel configures IPv4 at boot, and an interface has a static address.',
  details:
    "`ip=` on the kernel's command line, such as `ip=dhcp`, configures the first interface that answers; the addresses here come on top. The kernel waits for an answer on each interface before it goes on.",
  bad: '{ "boot_cmdline": "ip=dhcp", "interfaces": [{ "type": "tap", "param": "tap0", "ip": "10.0.0.2", "masklen": "24" }] }',
  good: '{ "boot_cmdline": "ip=dhcp", "interfaces": [{ "type": "tap", "param": "tap0" }] }',
  check: ({ configuration }) => {
    const first = configuration.interfaces?.findIndex(({ ip }) => ip !== undefined) ?? -1;
    return first < 0 || !kernelConfigures(configuration)
      ? []
      : [
          {
            path: ['boot_cmdline'],
            part: 'value',
            message: 'the kernel configures IPv4 by itself, and addresses are given too',
            help: 'remove ip= here or the addresses',
            related: [{ path: ['interfaces', first, 'ip'], part: 'value', message: 'a static address' }],
          },
        ];
  },
};
