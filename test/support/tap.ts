// SPDX-License-Identifier: GPL-2.0-or-later
/** The two ends of examples/tap: a host of the test's own, and the configuration of programs on its tap. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { ROOT } from './discover.ts';
import { type Host, makeHost } from './namespace.ts';
import { waitFor } from './wait.ts';

export const CONFIG_FILE = path.join(ROOT, 'examples/tap/lkl-hijack.json');
export const CONFIG: unknown = JSON.parse(readFileSync(CONFIG_FILE, 'utf8'));

/** Addresses of the two ends; `url` is the host's as URLs have it. */
export const FAMILIES = [
  { name: 'IPv4', host: '192.168.13.1', lkl: '192.168.13.2', url: '192.168.13.1', lklUrl: '192.168.13.2' },
  { name: 'IPv6', host: 'fd13::1', lkl: 'fd13::2', url: '[fd13::1]', lklUrl: '[fd13::2]' },
] as const;

/** Sets kernel parameters of a host, `name=value`. */
export function setSysctl(host: Host, ...settings: readonly string[]): void {
  const [program = '', ...args] = [...host.prefix, 'sysctl', '-qw', ...settings];
  execFileSync(program, args);
}

/** ICMP messages however often a host has reason for them (RFC 1812 4.3.2.8 lets it save some). */
export const EVERY_ICMP = ['net.ipv4.icmp_ratelimit=0', 'net.ipv6.icmp.ratelimit=0'];

/** As a router it answers that it has no way to anything else, so that looking up a name fails at once. */
export function tapHost(): Host {
  const host = makeHost({ tap: 'tap0', addresses: ['192.168.13.1/24', 'fd13::1/64'] });
  setSysctl(host, 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1', ...EVERY_ICMP);
  host.ip('route', 'add', 'unreachable', 'default');
  return host;
}

/** Runs a program on the host to its end, without the preload, and gives its output. It must succeed. */
export async function onHost(host: Host, ...command: string[]): Promise<string> {
  return withInput(host, '', ...command);
}

/** The same for a program that reads its standard input. */
export async function withInput(host: Host, input: string, ...command: string[]): Promise<string> {
  const [program = '', ...args] = [...host.prefix, ...command];
  return (await execa(program, args, { input })).stdout;
}

/** Starts a program on the host that runs until the host is removed. The test does not wait for its end. */
export function startOnHost(host: Host, ...command: string[]): void {
  const [program = '', ...args] = [...host.prefix, ...command];
  execa(program, args, { reject: false, stdio: 'ignore' }).unref();
}

/** Waits until a program on the host listens on a port of TCP or UDP. */
export async function listening(host: Host, port: number): Promise<void> {
  await waitFor(`port ${port}`, async () => (await onHost(host, 'ss', '-ltunH')).includes(`:${port} `));
}

/** Waits until a hijacked server takes connections from the host. */
export async function accepting(host: Host, address: string, port: number): Promise<void> {
  await waitFor(`port ${port} of ${address}`, async () => {
    const [program = '', ...args] = [...host.prefix, 'nc', '-z', '-w', '1', address, String(port)];
    return (await execa(program, args, { reject: false })).exitCode === 0;
  });
}
