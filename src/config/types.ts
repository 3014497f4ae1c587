// SPDX-License-Identifier: GPL-2.0-or-later
//
// The types of interfaces: one row each. linux/lib/netdev/table.c and hijack/config_keys.c have the same rows.

/** What `param` says to a type. */
interface Param {
  /** Completes "... is not". */
  readonly form: string;
  readonly example?: string;
  readonly matches: (text: string) => boolean;
  /** The remedy when it is missing; without it, param may be absent. */
  readonly needed?: string;
}

interface InterfaceType {
  /** What the interface is on the host. */
  readonly what: string;
  readonly param: Param;
}

/** A name that an interface of the host can have (netdevice(7)). */
const interfaceName = (text: string): boolean =>
  /^[^ \t\n\v\f\r/:]+$/.test(text) && Buffer.byteLength(text) <= 15 && text !== '.' && text !== '..';

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
  fd: {
    what: 'a descriptor that the program inherits: a connected socket, or a tap',
    param: {
      form: 'the number of a descriptor above 2',
      example: '5',
      matches: (text) => /^\d{1,9}$/.test(text) && Number(text) > 2,
      needed: 'an fd needs the number of the descriptor, such as "param": "5"',
    },
  },
  loop: {
    what: 'a plug that returns whatever is sent',
    param: { form: 'empty', matches: (text) => text === '' },
  },
};

/** A sentence part about each type. */
export function describeTypes(tell: (type: InterfaceType) => string): string {
  return Object.entries(interfaceTypes)
    .map(([name, type]) => `${name}: ${tell(type)}.`)
    .join(' ');
}
