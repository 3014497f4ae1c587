// SPDX-License-Identifier: GPL-2.0-or-later
import { kernelConfigures } from './addresses.ts';
import type { Rule } from './rule.ts';

export const dhcpWithoutInterface: Rule = {
  id: 'dhcp-without-interface',
  severity: 'warning',
  summary: 'The kernel shall configure IPv4 at boot, and there is no interface.',
  details: 'With `ip=dhcp` the kernel asks on its interfaces; it has only `lo`, and gives up after some seconds.',
  bad: '{ "boot_cmdline": "ip=dhcp", "interfaces": [] }',
  good: '{ "boot_cmdline": "ip=dhcp", "interfaces": [{ "type": "tap", "param": "tap0" }] }',
  check: ({ configuration, has }) =>
    !kernelConfigures(configuration) || has(['interfaces', 0])
      ? []
      : [
          {
            path: ['boot_cmdline'],
            part: 'value',
            message: 'there is no interface that ip= could configure',
            help: 'add one to "interfaces", or remove ip=',
          },
        ],
};
