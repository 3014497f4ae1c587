// SPDX-License-Identifier: GPL-2.0-or-later
import type { Host } from './namespace.ts';
import { onHost, startOnHost } from './tap.ts';
import { waitFor } from './wait.ts';

/** Starts a server of addresses and names on a host, with these options; it knows `name.test`. */
export async function serveNames(host: Host, ...options: string[]): Promise<void> {
  const basics = [
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--user=root',
    '--pid-file=',
    '--no-resolv',
    '--no-hosts',
    '--address=/name.test/192.168.13.77',
  ];
  startOnHost(host, 'dnsmasq', ...basics, ...options);
  await waitFor('dnsmasq', async () => (await onHost(host, 'ss', '-lunH')).includes(':53 '));
}

/** Options with which it also gives addresses of a subnet, such as `192.168.13`. */
export function addressOptions(...subnets: readonly string[]): string[] {
  return [
    ...subnets.map((subnet) => `--dhcp-range=${subnet}.100,${subnet}.150,255.255.255.0,1h`),
    '--dhcp-leasefile=/dev/null',
    '--dhcp-authoritative',
    '--no-ping',
  ];
}
