// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';

/** The environment that the user started lkl-hijack with. */
export interface Environment {
  readonly variables: ReadonlyMap<string, string>;
  /** Entries whose names are no shell variables: sh does not hand them on. */
  readonly strange: readonly string[];
}

/**
 * Reads the environment of the shell that runs bin/lkl-hijack as it was at its start. The planner's own differs: the
 * shell has emptied LD_PRELOAD and NODE_OPTIONS for it and dropped what is no shell variable.
 */
export function readEnvironment(shellPid: string): Environment {
  let block: string;
  try {
    block = readFileSync(`/proc/${shellPid}/environ`, 'utf8');
  } catch {
    const entries = Object.entries(process.env).filter(([, value]) => value !== '');
    block = entries.map(([name, value]) => `${name}=${value}`).join('\0');
  }
  return parseEnvironment(block);
}

/** Takes the block of NUL-terminated `name=value` entries apart (proc_pid_environ(5)). */
export function parseEnvironment(block: string): Environment {
  const variables = new Map<string, string>();
  const strange: string[] = [];
  for (const entry of block.split('\0')) {
    const equals = entry.indexOf('=', 1);
    if (equals < 0) {
      continue;
    }
    const name = entry.slice(0, equals);
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      variables.set(name, entry.slice(equals + 1));
    } else if (!entry.includes('\uFFFD')) {
      strange.push(entry);
    }
  }
  return { variables, strange };
}

/** LD_PRELOAD with our library in front of what was there, which stays in force (ld.so(8): spaces or colons separate). */
export function preloadList(library: string, present: string | undefined): string {
  const others = (present ?? '').split(/[ :]+/).filter((entry) => entry !== '' && entry !== library);
  return [library, ...others].join(':');
}
