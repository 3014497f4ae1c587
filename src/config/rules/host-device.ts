// SPDX-License-Identifier: GPL-2.0-or-later
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { perInterface, type Rule } from './rule.ts';

/** What is wrong with a device of this host, and what to do. */
interface Problem {
  readonly message: string;
  readonly help: string;
}

/** IFF_TAP of linux/if_tun.h. */
const IFF_TAP = 2;

/** Types whose param can be looked at. */
const LOOKS: Readonly<Record<string, (param: string) => Problem | undefined>> = {
  tap: lookAtTap,
  macvtap: (param) => lookAtFile(param),
  vde: (param) => lookAtFile(param),
  wireguard: (param) => lookAtFile(param, constants.R_OK),
};

export const hostDevice: Rule = {
  id: 'host-device',
  severity: 'error',
  live: true,
  summary: 'A device that is named is not on this host, or not for this user.',
  details:
    'A tap must exist before lkl-hijack opens it (`ip tuntap add dev tap0 mode tap user NAME`), and so must the file of a macvtap, of a VDE switch or of a tunnel.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "no-such-tap" }] }',
  good: '{ "interfaces": [{ "type": "loop" }] }',
  check: perInterface(({ type = '', param }, path) => {
    const problem = param === undefined || !Object.hasOwn(LOOKS, type) ? undefined : LOOKS[type]?.(param);
    return problem === undefined ? [] : [{ path: [...path, 'param'], part: 'value', ...problem }];
  }),
};

function lookAtTap(name: string): Problem | undefined {
  const directory = `/sys/class/net/${name}`;
  const user = process.geteuid?.() ?? 0;
  if (!existsSync(directory)) {
    const help = `ip tuntap add dev ${name} mode tap${user === 0 ? '' : ` user ${user}`}`;
    return { message: `this host has no interface ${name}`, help };
  }
  const flags = read(`${directory}/tun_flags`);
  if (flags === undefined || (Number(flags) & IFF_TAP) === 0) {
    return { message: `${name} is an interface of this host, but no tap`, help: 'name a tap' };
  }
  const owner = read(`${directory}/owner`);
  if (user !== 0 && owner !== undefined && owner !== '-1' && Number(owner) !== user) {
    return { message: `${name} belongs to the user ${owner}`, help: 'start lkl-hijack as that user, or as root' };
  }
  return lookAtFile('/dev/net/tun');
}

function lookAtFile(file: string, access = constants.R_OK | constants.W_OK): Problem | undefined {
  try {
    accessSync(file, access);
    return undefined;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing
      ? { message: `this host has no ${file}`, help: 'make it first, or correct the name' }
      : { message: `${file} is not for this user to open`, help: 'correct its permissions' };
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
