// SPDX-License-Identifier: GPL-2.0-or-later
import type { KeyPath } from './finding.ts';

/** `--set KEY=VALUE`, understood. */
export interface Assignment {
  readonly path: KeyPath;
  /** Null removes what is there. */
  readonly value: unknown;
}

/** Why an assignment has no meaning. */
export class AssignmentError extends Error {}

const FORM = 'write --set KEY=VALUE, such as --set debug=1 or --set interfaces.0.mtu=9000';

/**
 * Understands `debug=1`, `interfaces.0.mtu=9000`, `interfaces[0].mtu=9000`, and `sysctl.net.ipv4.tcp_sack=0`: what
 * follows the name of a value is a name in it, dots and all. The value is text, but `null`, and JSON where it begins
 * with a bracket.
 */
export function parseAssignment(text: string): Assignment {
  const match = /^([^=]+)=(.*)$/s.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new AssignmentError(`${JSON.stringify(text)} is not an assignment; ${FORM}`);
  }
  return { path: parsePath(match[1]), value: parseValue(match[1], match[2]) };
}

function parsePath(key: string): KeyPath {
  const one = /^interfaces(?:\.(\d+)|\[(\d+)\])(?:\.(.+))?$/.exec(key);
  if (one !== null) {
    const index = Number(one[1] ?? one[2]);
    return ['interfaces', index, ...(one[3] === undefined ? [] : splitName(one[3]))];
  }
  if (/^interfaces[.[]/.test(key)) {
    throw new AssignmentError(`${JSON.stringify(key)} names no interface; write interfaces.0.mtu for the first one's`);
  }
  return splitName(key);
}

function splitName(key: string): string[] {
  const dot = key.indexOf('.');
  return dot < 0 ? [key] : [key.slice(0, dot), key.slice(dot + 1)];
}

function parseValue(key: string, text: string): unknown {
  if (text === 'null') {
    return null;
  }
  if (!/^[[{]/.test(text)) {
    return text;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AssignmentError(`the value for ${key} begins like JSON and is none: ${reason}`);
  }
}
