// SPDX-License-Identifier: GPL-2.0-or-later
import { isTunnel } from '../types.ts';
import type { Rule } from './rule.ts';

export const tunnelWithoutUnderlay: Rule = {
  id: 'tunnel-without-underlay',
  severity: 'error',
  fatal: true,
  summary: 'There is nothing but tunnels.',
  details:
    'The encrypted packets of a wireguard interface leave by another one: a tap, passt, or what else the host has for LKL. The variables of the older form describe one interface alone, so a tunnel needs a file.',
  bad: '{ "interfaces": [{ "type": "wireguard", "param": "/etc/wireguard/wg0.conf" }] }',
  good: '{ "interfaces": [{ "type": "passt" }, { "type": "wireguard", "param": "/etc/wireguard/wg0.conf" }] }',
  check: ({ configuration: { interfaces = [] } }) =>
    interfaces.length === 0 || !interfaces.every(isTunnel)
      ? []
      : [
          {
            path: ['interfaces', 0, 'type'],
            part: 'value',
            message: `a ${interfaces[0]?.type} interface needs another one that carries its packets`,
            help: 'add it, such as { "type": "passt" }',
          },
        ],
};
