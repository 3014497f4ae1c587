// SPDX-License-Identifier: GPL-2.0-or-later
import path from 'node:path';
import { execa } from 'execa';
import { temporaryDirectory, writeConfiguration } from '../test/support/hijack.ts';
import { type Host, makeHost } from '../test/support/namespace.ts';
import { waitFor } from '../test/support/wait.ts';
import { type Benchmark, inTurns, median, type Result, spread } from './benchmark.ts';
import { measure, program } from './programs.ts';

const ROUNDS = 5;
const SECONDS = '2';
const PORT = '5201';

/** What load.c prints. */
interface Load {
  /** Operations or bytes per second. */
  readonly rate: number;
  /** Context switches: per operation of `rr`, else per second. */
  readonly switches: number;
  readonly seconds: number;
  /** CPU seconds. */
  readonly cpu: { readonly client: number };
}

/** What server and client share (load.h). */
const sharedFile = (): string => path.join(temporaryDirectory(), 'tcp.load');

/** One stream, datagrams of no size. */
const loadArguments = (): string[] => [PORT, sharedFile(), '1', '0', SECONDS];

/** The other end of both wires: a host with a tap for LKL, and a veth to a second host. */
async function withHosts<T>(run: (server: Host, client: Host) => Promise<T>): Promise<T> {
  const server = makeHost({ tap: 'tap0', addresses: ['192.168.13.1/24'] });
  const client = makeHost();
  server.ip('link', 'add', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1', 'netns', client.name);
  server.ip('addr', 'add', '192.168.14.1/24', 'dev', 'veth0');
  server.ip('link', 'set', 'veth0', 'up');
  client.ip('addr', 'add', '192.168.14.2/24', 'dev', 'veth1');
  client.ip('link', 'set', 'veth1', 'up');
  const [first = '', ...rest] = [...server.prefix, program('load'), 'serve', PORT, sharedFile()];
  const serving = execa(first, rest, { reject: false, stdio: 'ignore' });
  try {
    await waitFor('the server', async () => {
      const { stdout } = await execa(server.prefix[0] ?? '', [...server.prefix.slice(1), 'ss', '-ltnH']);
      return stdout.includes(`:${PORT} `);
    });
    return await run(server, client);
  } finally {
    serving.kill('SIGKILL');
    await serving;
    client.remove();
    server.remove();
  }
}

/** One mode of load.c: LKL over the tap, against the host's kernel over veth, in turns. */
function load(mode: string, result: (ours: readonly Load[], host: readonly Load[]) => Result): () => Promise<Result> {
  return () =>
    withHosts(async (server, client) => {
      const config = writeConfiguration({
        interfaces: [{ type: 'tap', param: 'tap0', ip: '192.168.13.2', masklen: '24' }],
      });
      const ours: Load[] = [];
      const host: Load[] = [];
      await inTurns(
        ROUNDS,
        async () => {
          const command = [program('load'), mode, '192.168.13.1', ...loadArguments()];
          return ours.push(await measure<Load>(command, { config, prefix: server.prefix }));
        },
        async () => {
          const command = [program('load'), mode, '192.168.14.1', ...loadArguments()];
          return host.push(await measure<Load>(command, { prefix: client.prefix }));
        },
      );
      return result(ours.slice(1), host.slice(1));
    });
}

/** Ratios round by round: what disturbs the machine disturbs both. */
function ratios(ours: readonly number[], host: readonly number[]): number[] {
  return ours.map((value, round) => value / (host[round] ?? Number.NaN));
}

function bulk(ours: readonly Load[], host: readonly Load[]): Result {
  const a = ours.map(({ rate }) => rate);
  const b = host.map(({ rate }) => rate);
  const perGigabyte = (loads: readonly Load[]): number =>
    median(loads.map(({ rate, seconds, cpu }) => cpu.client / ((rate * seconds) / 1e9)));
  return {
    ours: median(a),
    host: median(b),
    unit: 'B/s',
    ratio: median(a) / median(b),
    spread: spread(ratios(a, b)),
    notes: { 'CPU s/GB ours': perGigabyte(ours), 'CPU s/GB host': perGigabyte(host) },
  };
}

function roundTrip(ours: readonly Load[], host: readonly Load[]): Result {
  const a = ours.map(({ rate }) => 1e6 / rate);
  const b = host.map(({ rate }) => 1e6 / rate);
  return {
    ours: median(a),
    host: median(b),
    unit: 'us',
    ratio: median(a) / median(b),
    spread: spread(ratios(a, b)),
    notes: {
      'context switches/request ours': median(ours.map(({ switches }) => switches)),
      'context switches/request host': median(host.map(({ switches }) => switches)),
    },
  };
}

export const tcpRoundTrip: Benchmark = {
  name: 'tcp-rr-tap',
  description: 'TCP request/response over tap, against veth',
  run: load('tcp-rr', roundTrip),
};

export const tcpSend: Benchmark = {
  name: 'tcp-bulk-tap-tx',
  description: 'bulk TCP sent over tap, against veth',
  run: load('tcp-send', bulk),
};

export const tcpReceive: Benchmark = {
  name: 'tcp-bulk-tap-rx',
  description: 'bulk TCP received over tap, against veth',
  run: load('tcp-receive', bulk),
};
