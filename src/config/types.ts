// SPDX-License-Identifier: GPL-2.0-or-later
//
// The types of interfaces: one row each. hijack/config_keys.c has the same rows, and linux/lib/netdev/table.c those of
// devices.

import { ipv4, ipv6 } from './kinds.ts';

/** What `param` says to a type. */
interface Param {
  /** Completes "... is not". */
  readonly form: string;
  readonly example?: string;
  readonly matches: (text: string) => boolean;
  /** What is wrong with one that matches, and what to do. */
  readonly problem?: (text: string) => readonly [message: string, help: string] | undefined;
  /** The remedy when it is missing; without it, param may be absent. */
  readonly needed?: string;
}

interface InterfaceType {
  /** What the interface is on the host. */
  readonly what: string;
  readonly param: Param;
  /** The most that `offload` may name, where that is known without looking at the host. */
  readonly offloads?: bigint;
  /** The largest `mtu`, where that is known so. */
  readonly mtu?: number;
  /** It is made inside LKL, as wg0, wg1 and so on, and other interfaces carry its packets. */
  readonly tunnel?: boolean;
  /** Addresses, gateways and name servers come with it where none are configured (linux/lib/netdev/user_net.h). */
  readonly network?: true;
  /** The only addresses that it answers for. */
  readonly subnets?: { readonly ip: string; readonly ipv6: string };
}

/** Whole packets, each by itself: CTRL_GUEST_OFFLOADS and MRG_RXBUF. */
const PLAIN = 0x8004n;

/** Besides, open checksums both ways, and large packets of TCP on the way out. */
const SLIRP = PLAIN | 0x3803n;

/** A name that an interface of the host can have (netdevice(7)). */
const interfaceName = (text: string): boolean =>
  /^[^ \t\n\v\f\r/:]+$/.test(text) && Buffer.byteLength(text) <= 15 && text !== '.' && text !== '..';

const PORT = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])';
const ROW = new RegExp(`^(?:(?:\\[([^\\]]*)\\]|([^:]*\\.[^:]*)):)?${PORT}:${PORT}(?:/tcp|/udp)?$`);

/** A port of the host that leads to a port of LKL, as `8080:80`, `127.0.0.1:5353:53/udp` or `[::1]:2222:22/tcp`. */
export function isPublishedPort(text: string): boolean {
  const parts = ROW.exec(text);
  return (
    parts !== null &&
    (parts[1] === undefined || ipv6.decode(parts[1]) !== undefined) &&
    (parts[2] === undefined || ipv4.decode(parts[2]) !== undefined)
  );
}

/** A list of them, separated by commas; an empty one is fine. */
const isPublished = (text: string): boolean => text === '' || text.split(',').every(isPublishedPort);

/** As many as linux/lib/netdev/publish.h has room for. */
const PUBLISHED_MAX = 64;

interface Published {
  /** As it stands there, with its colon; empty for any. */
  readonly address: string;
  readonly port: string;
  readonly protocol: string;
}

function publishedPort(text: string): Published {
  const [, address = '', port = '', protocol = '/tcp'] = /^(.*:)?(\d+):\d+(\/.*)?$/.exec(text) ?? [];
  return { address, port, protocol };
}

/** hijack/config_check.c has the same. */
function publishedProblem(text: string): readonly [message: string, help: string] | undefined {
  if (!isPublished(text)) {
    return undefined;
  }
  const list = text.split(',').map(publishedPort);
  if (list.length > PUBLISHED_MAX) {
    return [`more than ${PUBLISHED_MAX} published ports`, 'leave some out'];
  }
  const twice = list.find((one, index) =>
    list
      .slice(0, index)
      .some(
        ({ address, port, protocol }) =>
          port === one.port &&
          protocol === one.protocol &&
          (address === one.address || address === '' || one.address === ''),
      ),
  );
  return text === '' || twice === undefined
    ? undefined
    : [`port ${twice.port} of the host is published twice`, 'leave one of them out, or take another port'];
}

const PUBLISHED: Param = {
  problem: publishedProblem,
  form: 'a list of published ports, or nothing',
  example: '8080:80,127.0.0.1:5353:53/udp',
  matches: isPublished,
};

/** hijack/config_check.c has the same. */
const SLIRP_SUBNETS = { ip: '10.0.2.0/24', ipv6: 'fec0::/64' };

export const interfaceTypes: Readonly<Record<string, InterfaceType>> = {
  tap: {
    what: 'a tap device that exists',
    param: {
      form: 'the name of a tap device, of at most 15 characters',
      example: 'tap7',
      matches: interfaceName,
      needed: 'a tap needs the name of the device on the host, such as "param": "tap0"',
    },
  },
  macvtap: {
    what: 'a macvtap device that exists',
    param: {
      form: 'the file of a macvtap device',
      example: '/dev/tap5',
      matches: (text) => /^\/dev\/tap\d+$/.test(text),
      needed: 'a macvtap needs the file of the device, such as "param": "/dev/tap5"',
    },
  },
  raw: {
    what: 'one more station on the wire of an interface of the host; needs CAP_NET_RAW',
    param: {
      form: 'the name of an interface of the host, of at most 15 characters',
      example: 'eth0',
      matches: interfaceName,
      needed: 'a raw interface needs the name of the interface on the host, such as "param": "eth0"',
    },
  },
  pipe: {
    what: 'two FIFOs to another program',
    offloads: PLAIN,
    mtu: 4082,
    param: {
      form: 'two FIFOs, to read from and to write to',
      example: '/tmp/rx|/tmp/tx',
      matches: (text) => /^[^|]+\|[^|]+$/.test(text),
      needed: 'a pipe needs two FIFOs, to read from and to write to, such as "param": "/tmp/rx|/tmp/tx"',
    },
  },
  fd: {
    what: 'a descriptor that the program inherits: a connected socket, or a tap',
    param: {
      form: 'the number of a descriptor above 2',
      example: '5',
      matches: (text) => /^\d{1,9}$/.test(text) && Number(text) > 2,
      needed: 'an fd needs the number of the descriptor, such as "param": "5"',
    },
  },
  vde: {
    what: 'a port of a VDE switch, by libvdeplug',
    offloads: PLAIN,
    param: {
      form: 'the socket directory of a switch',
      example: '/run/vde/switch',
      matches: (text) => text !== '',
      needed: 'a vde interface needs the socket directory of a switch, such as "param": "/run/vde/switch"',
    },
  },
  dpdk: {
    what: 'a DPDK port; not built in',
    param: { form: 'the number of a port', example: '0', matches: () => true },
  },
  user: {
    what: 'the network of an ordinary user, with addresses of its own: slirp, or passt where that is not installed',
    network: true,
    subnets: SLIRP_SUBNETS,
    offloads: SLIRP,
    param: PUBLISHED,
  },
  passt: {
    what: 'passt, which needs no rights',
    network: true,
    offloads: PLAIN,
    param: {
      form: 'the socket of a running passt, or, for one that is started, a list of published ports or nothing',
      example: '/tmp/passt.socket',
      problem: publishedProblem,
      matches: (text) => isPublished(text) || (text.includes('/') && !/^[\d[]/.test(text)),
    },
  },
  slirp: {
    what: 'libslirp, which needs no rights',
    network: true,
    subnets: SLIRP_SUBNETS,
    offloads: SLIRP,
    param: PUBLISHED,
  },
  loop: {
    what: 'a plug that returns whatever is sent',
    param: { form: 'empty', matches: (text) => text === '' },
  },
  wireguard: {
    what: 'a WireGuard tunnel, over the other interfaces',
    tunnel: true,
    param: {
      form: 'the file of a tunnel, in the form of wg-quick(8)',
      example: '/etc/wireguard/wg0.conf',
      matches: (text) => text !== '',
      needed: 'a wireguard interface needs the file of its tunnel, such as "param": "/etc/wireguard/wg0.conf"',
    },
  },
};

/** Whether an interface is a tunnel over others. */
export function isTunnel({ type }: { readonly type?: unknown }): boolean {
  return typeof type === 'string' && Object.hasOwn(interfaceTypes, type) && interfaceTypes[type]?.tunnel === true;
}

/** The names of interfaces in LKL, in their order: eth0 and so on, wg0 and so on. */
export function deviceNames(interfaces: readonly { readonly type?: unknown }[]): string[] {
  let devices = 0;
  let tunnels = 0;
  return interfaces.map((one) => (isTunnel(one) ? `wg${tunnels++}` : `eth${devices++}`));
}

/** How each is named on a command line, such as `tap:tap7`. */
export function describeForms(): string {
  return Object.entries(interfaceTypes)
    .filter(([, { tunnel }]) => !tunnel)
    .map(([name, { param }]) => (param.needed === undefined ? name : `${name}:${param.example}`))
    .join(', ');
}

/** Is there a network of its own behind such an interface? Behind the socket of a passt, only that one knows. */
export function makesNetwork(type: string | undefined, param: string | undefined): boolean {
  return type !== undefined && interfaceTypes[type]?.network === true && isPublished(param ?? '');
}

/** A sentence part about each type. */
export function describeTypes(tell: (type: InterfaceType) => string): string {
  return Object.entries(interfaceTypes)
    .map(([name, type]) => `${name}: ${tell(type)}.`)
    .join(' ');
}
