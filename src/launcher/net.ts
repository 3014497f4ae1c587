// SPDX-License-Identifier: GPL-2.0-or-later
//
// What --net and -p ask for: one interface, or none.
import type { Parts } from '../config/combine.ts';
import { describeForms, interfaceTypes, isPublishedPort, isTunnel, makesNetwork } from '../config/types.ts';
import { Failure, Status } from './failure.ts';

export interface Net {
  /** `--net TYPE[:PARAM]`. */
  readonly net?: string | undefined;
  /** `-p [ADDRESS:]HOST:GUEST[/udp]`. */
  readonly publish: readonly string[];
}

const NONE = 'none';

/** A tunnel needs another interface. */
const isKnown = (type: string): boolean => Object.hasOwn(interfaceTypes, type) && !isTunnel({ type });

/** What `--net` can be, for completion. */
export const netWords = [NONE, ...Object.keys(interfaceTypes).filter(isKnown)];

/** The interfaces that they stand for; undefined when they say nothing. */
export function netInterfaces({ net, publish }: Net): Parts['net'] {
  if (net === undefined) {
    if (publish.length > 0) {
      throw new Failure(
        Status.ours,
        '-p publishes ports of a network that --net makes, and there is none',
        'write --net user -p 8080:80, or "param": "8080:80" to the interface in the file',
      );
    }
    return undefined;
  }
  const interfaces = net === NONE && publish.length === 0 ? [] : [interfaceOf(net, publish)];
  return { name: `--net ${net}`, interfaces };
}

function interfaceOf(net: string, publish: readonly string[]): Record<string, string> {
  const [type = '', ...rest] = net.split(':');
  const given = net.includes(':') ? rest.join(':') : undefined;
  if (publish.length > 0 && !makesNetwork(type, given)) {
    throw new Failure(Status.ours, `--net ${net} publishes no ports`, 'write --net user -p 8080:80');
  }
  if (!isKnown(type)) {
    throw new Failure(Status.ours, `--net ${net}: there is no such network`, `write one of ${describeForms()}, none`);
  }
  const param = [...(given ? [given] : []), ...publish.flatMap(ports)].join(',') || given;
  return param === undefined ? { type } : { type, param };
}

/** A published port as `param` has it; a range is so many of them. */
function ports(text: string): string[] {
  const range = /^(.*:)?(\d{1,5})-(\d{1,5}):(\d{1,5})-(\d{1,5})(\/.*)?$/.exec(text);
  const [, address = '', first, last, to, toLast, protocol = ''] = range ?? [];
  const count = Number(last) - Number(first);
  const rows =
    range === null || count < 0 || count !== Number(toLast) - Number(to)
      ? [text]
      : Array.from({ length: count + 1 }, (_, n) => `${address}${Number(first) + n}:${Number(to) + n}${protocol}`);
  if (!rows.every(isPublishedPort)) {
    throw new Failure(
      Status.ours,
      `-p ${text}: it is not a port of the host and one of the program`,
      'write [ADDRESS:]HOST:GUEST[/udp], such as -p 8080:80, -p 127.0.0.1:5353:53/udp, -p [::1]:8000-8009:80-89',
    );
  }
  return rows;
}
