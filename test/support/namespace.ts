// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/** Where ip-netns(8) keeps named namespaces. */
const NAMESPACES = '/run/netns';

let count = 0;

/** A host of the test's own: a network namespace, with a tap device for LKL if asked for. */
export interface Host {
  /** The name of its namespace. */
  readonly name: string;
  /** Before a command, makes it run on this host. */
  readonly prefix: readonly string[];
  /** Runs ip(8) there, such as `ip('addr', 'show')`, and gives what it printed. */
  readonly ip: (...args: string[]) => string;
  /** The processes that run there. */
  readonly pids: () => number[];
  readonly remove: () => void;
}

export interface HostOptions {
  /** Name of a tap device to make and set up. */
  readonly tap?: string;
  /** Addresses of the tap device on the host, such as `192.168.13.1/24`. */
  readonly addresses?: readonly string[];
}

/** Runs a program to its end: its output, or an error that says what it said. */
function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * Makes a host. It is removed by remove(), when the process ends, and if it is killed, by the runner: the name tells
 * whose it is.
 */
export function makeHost({ tap, addresses = [] }: HostOptions = {}): Host {
  const name = `lkl-test-${process.pid}-${++count}`;
  run('ip', 'netns', 'add', name);
  const remove = (): void => {
    process.off('exit', remove);
    removeNamespace(name);
  };
  process.on('exit', remove);
  const ip = (...args: string[]): string => run('ip', '-n', name, ...args);
  try {
    ip('link', 'set', 'lo', 'up');
    if (tap !== undefined) {
      ip('tuntap', 'add', 'dev', tap, 'mode', 'tap', 'vnet_hdr');
      for (const address of addresses) {
        // Without waiting for duplicate address detection (RFC 4862), so that it can be used at once.
        ip('addr', 'add', address, 'dev', tap, ...(address.includes(':') ? ['nodad'] : []));
      }
      ip('link', 'set', tap, 'up');
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { name, prefix: ['ip', 'netns', 'exec', name], ip, pids: () => processes(name), remove };
}

function processes(name: string): number[] {
  return run('ip', 'netns', 'pids', name).split('\n').filter(Boolean).map(Number);
}

/** Ends what still runs on the host, and takes the host away. */
function removeNamespace(name: string): void {
  try {
    for (const pid of processes(name)) {
      process.kill(pid, 'SIGKILL');
    }
  } catch {
    // It ended by itself meanwhile.
  }
  try {
    run('ip', 'netns', 'delete', name);
  } catch {
    // Somebody removed it before.
  }
}

/** Removes the hosts that the test process of this ID left behind. */
export function removeLeftNamespaces(pid: number): void {
  let names: string[];
  try {
    names = readdirSync(NAMESPACES);
  } catch {
    return;
  }
  for (const name of names.filter((candidate) => candidate.startsWith(`lkl-test-${pid}-`))) {
    removeNamespace(name);
  }
}

/** Why no host can be made here; undefined if it can. */
export function noHosts(): string | undefined {
  if (process.getuid?.() !== 0) {
    return 'needs root, to make network namespaces';
  }
  try {
    makeHost({ tap: 'tap0' }).remove();
    return undefined;
  } catch (error) {
    return `network namespaces and tap devices cannot be made: ${error instanceof Error ? error.message : String(error)}`;
  }
}
