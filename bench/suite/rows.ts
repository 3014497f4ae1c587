// SPDX-License-Identifier: GPL-2.0-or-later
import { execa } from 'execa';
import { program } from '../programs.ts';
import type { Cpu, Row, Sample, Servers, Setting, Unit } from './model.ts';
import { LOAD_PORT, sharedFile, startServer } from './servers.ts';

/** IPv4 and UDP take so much of a packet. */
const UDP_HEADERS = 28;

const BITS: Unit = { text: 'Gbit/s', better: 'more', cpu: 's/GB' };
const ROUND_TRIP: Unit = { text: 'µs', better: 'less', cpu: 'µs/request' };
const CONNECTIONS: Unit = { text: 'connections/s', better: 'more', cpu: 'µs/connection' };
const REQUESTS: Unit = { text: 'requests/s', better: 'more', cpu: 'µs/request' };

const USUAL: Setting = { mtu: 1500, offload: true };

/** What cpu.c tells. */
interface Window {
  readonly seconds: number;
  readonly cpu: Cpu;
}

/** What load.c prints besides. */
interface Load extends Window {
  readonly rate: number;
}

/** Processor time in other terms. */
function scaled({ machine, client, servers, helpers }: Cpu, by: number): Cpu {
  return { machine: machine * by, client: client * by, servers: servers * by, helpers: helpers * by };
}

interface Command {
  /** Before what measures, and between that and the program. */
  readonly prefix: readonly string[];
  readonly preload?: readonly string[];
  readonly servers: readonly number[];
  readonly helpers: readonly number[];
  readonly seconds: number;
}

/** Runs a program that measures by itself, or one under `window`, and gives the JSON that it printed. */
async function run<T>(options: Command, window: boolean, ...command: string[]): Promise<T> {
  const { prefix, preload = [], servers, helpers, seconds } = options;
  const watch = window ? [program('window')] : [];
  const [file = '', ...args] = [...prefix, ...watch, ...preload, ...command];
  const env = { BENCH_SERVERS: servers.join(','), BENCH_HELPERS: helpers.join(',') };
  const { stdout } = await execa(file, args, { env, timeout: 1000 * (6 + 4 * seconds), killSignal: 'SIGKILL' });
  return JSON.parse(stdout) as T;
}

/** A client inside, a server on the peer. */
async function outward<T>(
  servers: Servers,
  name: string,
  window: boolean,
  seconds: number,
  ...command: string[]
): Promise<T> {
  const pid = await servers.start(name);
  const { wire } = servers;
  const options = { prefix: wire.outside, preload: wire.inside, servers: [pid], helpers: wire.helpers, seconds };
  return run<T>(options, window, ...command);
}

/** A server inside for each sample, a client on the peer. */
async function inward<T>(
  { wire }: Servers,
  name: string,
  port: number,
  seconds: number,
  command: (address: string, port: number) => string[],
): Promise<T> {
  const server = await startServer(wire, name, 'inside');
  try {
    const at = wire.entry(port);
    const options = { prefix: wire.peer.prefix, servers: [server.pid], helpers: wire.helpers, seconds };
    return await run<T>(options, true, ...command(at.address, at.port));
  } finally {
    await server.stop();
  }
}

/** A mode of load.c. */
function load(mode: string, streams: number, size: number, sample: (found: Load) => Sample): Row['sample'] {
  return async (servers, seconds) => {
    const { address } = servers.wire;
    const to = [address, String(LOAD_PORT), sharedFile(servers.wire)];
    const how = [String(streams), String(size), String(seconds)];
    return sample(await outward<Load>(servers, 'load', false, seconds, program('load'), mode, ...to, ...how));
  };
}

function bulk({ rate, seconds, cpu }: Load): Sample {
  return { value: (rate * 8) / 1e9, cpu: scaled(cpu, 1e9 / (rate * seconds)) };
}

function roundTrip({ rate, seconds, cpu }: Load): Sample {
  return { value: 1e6 / rate, cpu: scaled(cpu, 1e6 / (rate * seconds)) };
}

function perSecond({ rate, seconds, cpu }: Load): Sample {
  return { value: rate, cpu: scaled(cpu, 1e6 / (rate * seconds)) };
}

/** All combinations of bulk data. */
function* bulkRows(): Generator<Row> {
  for (const protocol of ['tcp', 'udp'] as const) {
    for (const offload of [true, false]) {
      for (const mtu of [1500, 9000]) {
        for (const way of ['send', 'receive'] as const) {
          for (const streams of [1, 8]) {
            const off = offload ? '' : '-off';
            yield {
              name: `${protocol}-${way}-${streams}-${mtu}${off}`,
              group: `${protocol.toUpperCase()} bulk data`,
              title: `${way === 'send' ? 'sent' : 'received'}, ${streams === 1 ? '1 stream' : `${streams} streams`}, MTU ${mtu}${offload ? '' : ', offloads off'}`,
              unit: BITS,
              setting: { mtu, offload },
              sample: load(`${protocol}-${way}`, streams, mtu - UDP_HEADERS, bulk),
            };
          }
        }
      }
    }
  }
}

/** Requests that wrk has had replies to, and its rate. */
function wrk({ output, cpu }: Window & { readonly output: string }): Sample {
  const requests = Number(/(\d+) requests in/.exec(output)?.[1]);
  const value = Number(/Requests\/sec:\s*([\d.]+)/.exec(output)?.[1]);
  if (!(value > 0) || /Socket errors|Non-2xx/.test(output)) {
    throw new Error(`wrk: ${output}`);
  }
  return { value, cpu: scaled(cpu, 1e6 / requests) };
}

function wrkCommand(address: string, port: number, seconds: number, ...options: string[]): string[] {
  const time = String(Math.max(1, Math.round(seconds)));
  return ['wrk', '-t', '1', '-c', '16', '-d', time, ...options, `http://${address}:${port}/`];
}

const REDIS_REQUESTS = 10_000;

function redisCommand(address: string, port: number): string[] {
  const load = ['-c', '16', '-n', String(REDIS_REQUESTS), '-t', 'set,get', '--csv'];
  return ['redis-benchmark', '-h', address, '-p', String(port), ...load];
}

/** As many of either kind: the rate of both together. */
function redis({ output, cpu }: Window & { readonly output: string }): Sample {
  const rates = [...output.matchAll(/^"[A-Z]+","([\d.]+)"/gm)].map(([, rate]) => Number(rate));
  if (rates.length !== 2) {
    throw new Error(`redis-benchmark: ${output}`);
  }
  const value = rates.length / rates.reduce((sum, rate) => sum + 1 / rate, 0);
  return { value, cpu: scaled(cpu, 1e6 / (rates.length * REDIS_REQUESTS)) };
}

/** The kernels by themselves: the host's, and LKL. */
const KERNELS = ['veth', 'lkl-tap'];

/** A mode of micro.c, whose figure is its output. */
function micro(mode: string, sample: (value: number, found: Window) => Sample): Row['sample'] {
  return async ({ wire }, seconds) => {
    const options = { prefix: wire.outside, preload: wire.inside, servers: [], helpers: [], seconds };
    const found = await run<Window & { output: string }>(options, true, program('micro'), mode);
    return sample(Number(found.output), found);
  };
}

/** Seconds of micro.c's loopback. */
const LOOPBACK_SECONDS = 1.5;

/** The rows, in the order of the tables. */
export const rows: readonly Row[] = [
  ...bulkRows(),
  {
    name: 'tcp-rr',
    group: 'Requests',
    title: 'TCP, 1 byte and back',
    unit: ROUND_TRIP,
    setting: USUAL,
    sample: load('tcp-rr', 1, 1, roundTrip),
  },
  {
    name: 'udp-rr',
    group: 'Requests',
    title: 'UDP, 1 byte and back',
    unit: ROUND_TRIP,
    setting: USUAL,
    sample: load('udp-rr', 1, 1, roundTrip),
  },
  {
    name: 'tcp-crr',
    group: 'Requests',
    title: 'TCP connection, 1 byte and back, end',
    unit: CONNECTIONS,
    setting: USUAL,
    sample: load('tcp-crr', 1, 1, perSecond),
  },
  {
    name: 'wrk',
    group: 'Programs',
    title: 'wrk inside, nginx outside, 16 connections',
    unit: REQUESTS,
    setting: USUAL,
    sample: async (servers, seconds) =>
      wrk(await outward(servers, 'nginx', true, seconds, ...wrkCommand(servers.wire.address, 80, seconds))),
  },
  {
    name: 'nginx',
    group: 'Programs',
    title: 'nginx inside, wrk outside, 16 connections',
    unit: REQUESTS,
    setting: USUAL,
    sample: async (servers, seconds) =>
      wrk(await inward(servers, 'nginx', 80, seconds, (...at) => wrkCommand(...at, seconds))),
  },
  {
    name: 'nginx-close',
    group: 'Programs',
    title: 'nginx inside, wrk outside, a connection each',
    unit: REQUESTS,
    setting: USUAL,
    sample: async (servers, seconds) =>
      wrk(
        await inward(servers, 'nginx', 80, seconds, (...at) => wrkCommand(...at, seconds, '-H', 'Connection: close')),
      ),
  },
  {
    name: 'redis-benchmark',
    group: 'Programs',
    title: 'redis-benchmark inside, redis-server outside',
    unit: REQUESTS,
    setting: USUAL,
    sample: async (servers, seconds) =>
      redis(await outward(servers, 'redis', true, seconds, ...redisCommand(servers.wire.address, 6379))),
  },
  {
    name: 'redis-server',
    group: 'Programs',
    title: 'redis-server inside, redis-benchmark outside',
    unit: REQUESTS,
    setting: USUAL,
    sample: async (servers, seconds) => redis(await inward(servers, 'redis', 6379, seconds, redisCommand)),
  },
  {
    name: 'loopback',
    group: 'The kernel by itself',
    title: 'TCP over 127.0.0.1, two threads',
    unit: BITS,
    setting: USUAL,
    columns: KERNELS,
    sample: micro('loopback', (value, { cpu }) => ({
      value: (value * 8) / 1e9,
      cpu: scaled(cpu, 1e9 / (value * LOOPBACK_SECONDS)),
    })),
  },
  {
    name: 'null-syscall',
    group: 'The kernel by itself',
    title: 'getppid()',
    unit: { text: 'ns', better: 'less' },
    setting: USUAL,
    columns: KERNELS,
    sample: micro('null', (value) => ({ value })),
  },
  {
    name: 'memory',
    group: 'The kernel by itself',
    title: 'resident memory of a small program',
    unit: { text: 'MiB', better: 'less' },
    setting: USUAL,
    columns: KERNELS,
    sample: micro('memory', (value) => ({ value: value / (1 << 20) })),
  },
  {
    name: 'boot',
    group: 'The kernel by itself',
    title: 'boot, without interfaces',
    unit: { text: 'ms', better: 'less' },
    setting: USUAL,
    columns: ['lkl-tap'],
    sample: async ({ wire }, seconds) => {
      const options = { prefix: wire.outside, servers: [], helpers: [], seconds };
      const { output } = await run<{ output: string }>(options, true, program('boot'));
      return { value: Number(output) };
    },
  },
];
