// SPDX-License-Identifier: GPL-2.0-or-later
//
// The network that a configuration makes of LKL.
import { listPieces, packedText } from './key.ts';
import { globalKeys, interfaceKeys } from './keys.ts';
import { decodeNumber, neighbours } from './kinds.ts';
import { rows } from './model.ts';
import { asksNetwork } from './rules/addresses.ts';
import { parseAddress, sameNetwork, subnetText } from './rules/net.ts';
import { deviceNames, isTunnel } from './types.ts';

/** A route, in the words of ip-route(8). */
export type Route = string;

/** A routing table that packets from one address use (ip-rule(8)). */
export interface Table {
  readonly id: number;
  readonly from: string;
  readonly routes: readonly Route[];
}

export interface Device {
  /** Its name in LKL. */
  readonly name: string;
  readonly index: number;
  /** What it is on the host. */
  readonly host: string;
  /** Address, MTU and the like, by key. */
  readonly settings: Readonly<Record<string, string>>;
  readonly addresses: readonly string[];
  readonly neighbours: readonly string[];
  readonly tables: readonly Table[];
}

export interface Topology {
  readonly devices: readonly Device[];
  /** Of the main table. */
  readonly routes: readonly Route[];
  /** Whether the kernel asks for an address when it starts. */
  readonly dhcp: boolean;
}

type Members = Readonly<Record<string, unknown>>;

/** The kernel numbers interfaces from 1 on: lo is the first, and tunnels are made last. */
const FIRST_INDEX = 2;

/** Settings that a device is drawn with. */
const SETTINGS = ['mac', 'mtu', 'qdisc', 'offload'] as const;

const kinds = new Map([...rows(globalKeys), ...rows(interfaceKeys)].map(([name, { kind }]) => [name, kind]));

const FAMILIES = [
  { address: 'ip', length: 'masklen', gateway: 'gateway', ifgateway: 'ifgateway', table: 0 },
  { address: 'ipv6', length: 'masklen6', gateway: 'gateway6', ifgateway: 'ifgateway6', table: 1 },
] as const;

/** What a sound configuration makes. */
export function topologyOf(document: Members): Topology {
  const list: Members[] = Array.isArray(document.interfaces) ? document.interfaces : [];
  const names = deviceNames(list);
  const order = [...list.filter((one) => !isTunnel(one)), ...list.filter(isTunnel)];
  const routes = FAMILIES.flatMap((family): Route[] => {
    const gateway = text(document, family.gateway);
    const links = list.flatMap((one, number) => linkRoute(one, family, names[number]));
    return gateway === undefined || list.length === 0 ? links : [defaultRoute(gateway, list, names, family), ...links];
  });
  return {
    devices: list.map((one, number) => deviceOf(one, names[number], FIRST_INDEX + order.indexOf(one))),
    routes,
    dhcp: asksNetwork(text(document, 'boot_cmdline') ?? ''),
  };
}

type Family = (typeof FAMILIES)[number];

/** By the interface in whose subnet the gateway is. */
function defaultRoute(
  gateway: string,
  list: readonly Members[],
  names: readonly string[],
  { address, length }: Family,
): Route {
  const number = list.findIndex((one) => {
    const own = text(one, address);
    return own !== undefined && sameNetwork(parseAddress(own), parseAddress(gateway), prefixLength(one, length));
  });
  return `default via ${gateway}${number < 0 ? '' : ` dev ${names[number]}`}`;
}

function deviceOf(one: Members, name = '', index = 0): Device {
  const settings = SETTINGS.flatMap((key) => {
    const value = text(one, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    name,
    index,
    host: [text(one, 'type'), text(one, 'param')].filter((part) => part !== undefined).join(' '),
    settings: Object.fromEntries(settings),
    addresses: FAMILIES.flatMap(({ address, length }) => {
      const own = text(one, address);
      return own === undefined ? [] : [`${own}/${prefixLength(one, length)}`];
    }),
    neighbours: listPieces(one.neigh, neighbours) ?? [],
    tables: FAMILIES.flatMap((family): Table[] => {
      const from = text(one, family.address);
      const gateway = text(one, family.ifgateway);
      return from === undefined || gateway === undefined
        ? []
        : [
            {
              id: 2 * index + family.table,
              from,
              routes: [`default via ${gateway} dev ${name}`, ...linkRoute(one, family, name)],
            },
          ];
    }),
  };
}

function prefixLength(one: Members, key: string): number {
  return Number(decodeNumber(text(one, key) ?? '') ?? 0n);
}

function linkRoute(one: Members, { address, length }: Family, name = ''): Route[] {
  const own = text(one, address);
  return own === undefined ? [] : [`${subnetText(parseAddress(own), prefixLength(one, length))} dev ${name}`];
}

function text(members: Members, key: string): string | undefined {
  const kind = kinds.get(key);
  return kind === undefined ? undefined : packedText(members[key], kind);
}
