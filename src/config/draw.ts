// SPDX-License-Identifier: GPL-2.0-or-later
import type { Device, Topology } from './topology.ts';

interface Node {
  readonly label: string;
  readonly children?: readonly Node[];
}

/** A drawing of a network, as a tree of lines. */
export function drawTopology({ devices, routes, dhcp }: Topology): string {
  const main: Node = { label: 'table main', children: routes.map((label) => ({ label })) };
  const loopback: Node = { label: 'lo', children: [{ label: 'address 127.0.0.1/8' }, { label: 'address ::1/128' }] };
  const asked: Node[] = dhcp ? [{ label: 'DHCP: addresses and routes of the server' }] : [];
  const children = [loopback, ...devices.map(deviceNode), ...(routes.length === 0 ? [] : [main]), ...asked];
  return draw({ label: 'the program, on the network of LKL', children });
}

function deviceNode({ name, host, settings, addresses, neighbours, tables }: Device): Node {
  const details = Object.entries(settings).map(([key, value]) => `, ${key} ${value}`);
  return {
    label: `${name} === ${host} of the host${details.join('')}`,
    children: [
      ...addresses.map((address) => ({ label: `address ${address}` })),
      ...neighbours.map((neighbour) => ({ label: `neighbour ${neighbour.replace('|', ' at ')}` })),
      ...tables.map(({ id, from, routes }) => ({
        label: `table ${id}, for packets from ${from}`,
        children: routes.map((label) => ({ label })),
      })),
    ],
  };
}

function draw({ label, children = [] }: Node, indent = ''): string {
  const inner = children.map((child, index) => {
    const last = index === children.length - 1;
    return `${indent}${last ? '└─ ' : '├─ '}${draw(child, `${indent}${last ? '   ' : '│  '}`)}`;
  });
  return `${label}\n${inner.join('')}`;
}
