// SPDX-License-Identifier: GPL-2.0-or-later
/** Servers under load for a while: nothing grows, and no reply is lost. bench/soak.ts runs it for long. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Hijacked, startHijacked } from './hijack.ts';
import { makeSite } from './nginx.ts';
import { accepting, CONFIG, FAMILIES, onHost, setSysctl, tapHost } from './tap.ts';
import { waitFor } from './wait.ts';

const LKL = FAMILIES[0].lkl;

/** What a process has at a moment. */
interface Usage {
  /** KiB of memory that is in use, LKL's with it. */
  readonly memory: number;
  readonly descriptors: number;
}

/** What a soak of a server found. */
export interface Soak {
  readonly connections: number;
  readonly requests: number;
  /** After the first round, when everything has been used once, and at the end. */
  readonly first: Usage;
  readonly last: Usage;
  /** LKL's own account when the server ended (proc_meminfo(5), /proc/net/sockstat). */
  readonly slabKiB: number;
  readonly sockets: number;
}

/** LKL's files that are shown when the server ends, when all its clients have gone. */
const CONFIGURATION = {
  ...(CONFIG as object),
  mount: 'proc',
  dump: '/proc/meminfo,/proc/net/sockstat',
  // Connections that wait for segments of the past are bounded, as time is here.
  sysctl: 'net.ipv4.tcp_max_tw_buckets=256',
};

function usage(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    memory: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** The same when the descriptors of clients that have gone are closed: their number has come to rest. */
async function usageAtRest(pid: number): Promise<Usage> {
  let looks = 0;
  let before = -1;
  return waitFor('the server to rest', () => {
    const now = usage(pid);
    looks = now.descriptors === before ? looks + 1 : 0;
    before = now.descriptors;
    return looks === 10 ? now : undefined;
  });
}

/** The number behind a word of a server's last output. */
function figure({ stdout, stderr }: Pick<Hijacked, 'stdout' | 'stderr'>, pattern: RegExp): number {
  const found = pattern.exec(stderr) ?? pattern.exec(stdout);
  if (found === null) {
    throw new Error(`no ${pattern} in ${stdout}${stderr}`);
  }
  return Number(found[1]);
}

interface Load {
  readonly connections: number;
  readonly requests: number;
}

interface Server {
  readonly command: readonly string[];
  readonly port: number;
  /** Loads it from the host for about `seconds`; throws if a reply was lost. */
  readonly round: (run: (...command: string[]) => Promise<string>, seconds: number) => Promise<Load>;
}

/** How long a server is loaded. */
interface Span {
  readonly seconds: number;
  /** The first of them warms it up. */
  readonly rounds: number;
  /** There are more rounds, until so many have been made. */
  readonly connections?: number;
}

/** Runs a load on a server, and sees what it takes for that. */
async function soak({ command, port, round }: Server, { seconds, rounds, connections = 0 }: Span): Promise<Soak> {
  const host = tapHost();
  // A client's port is free again at once: there are more connections in a minute than ports.
  setSysctl(host, 'net.ipv4.tcp_max_tw_buckets=256', 'net.ipv4.ip_local_port_range=1024 65000');
  const server = startHijacked(command, { config: CONFIGURATION, netns: host, timeout: (seconds + 120) * 1000 });
  try {
    await accepting(host, LKL, port);
    const pid = server.pid ?? 0;
    const run = (...client: string[]): Promise<string> => onHost(host, ...client);
    const total = { connections: 0, requests: 0 };
    let first: Usage | undefined;
    for (let n = 0; n < rounds || total.connections < connections; n++) {
      const load = await round(run, seconds / rounds);
      total.connections += load.connections;
      total.requests += load.requests;
      first ??= await usageAtRest(pid);
    }
    const last = await usageAtRest(pid);
    server.kill('SIGTERM');
    const ended = await server;
    if (first === undefined || ended.exitCode !== 0) {
      throw new Error(`${command[0]} ended with ${ended.exitCode ?? ended.signal}: ${ended.stderr}`);
    }
    return {
      ...total,
      first,
      last,
      slabKiB: figure(ended, /^Slab:\s+(\d+) kB$/m),
      sockets: figure(ended, /^TCP: inuse (\d+)/m),
    };
  } finally {
    server.kill('SIGKILL');
    host.remove();
  }
}

/** Requests that wrk has made; every one must have had its reply. */
function wrkRequests(output: string): number {
  const requests = Number(/(\d+) requests in/.exec(output)?.[1]);
  if (!(requests > 0) || /Socket errors|Non-2xx/.test(output)) {
    throw new Error(`wrk lost replies: ${output}`);
  }
  return requests;
}

/** nginx under wrk: half of the time on connections that stay, half with one for each request. */
export async function soakNginx(directory: string, span: Span): Promise<Soak> {
  const site = makeSite(directory);
  writeFileSync(path.join(site.root, 'index.html'), 'the index\n'.repeat(50));
  return soak(
    {
      command: site.command,
      port: 80,
      round: async (run, time) => {
        const wrk = ['wrk', '-t', '2', '-c', '64', '-d', String(Math.max(1, Math.round(time / 2)))];
        const kept = wrkRequests(await run(...wrk, `http://${LKL}/`));
        const churned = wrkRequests(await run(...wrk, '-H', 'Connection: close', `http://${LKL}/`));
        return { connections: 64 + churned, requests: kept + churned };
      },
    },
    span,
  );
}

/** redis-server under redis-benchmark, with connections that stay and with one for each request. */
export async function soakRedis(directory: string, span: Span): Promise<Soak> {
  const options = ['--dir', directory, '--protected-mode', 'no', '--bind', '0.0.0.0', '--save', ''];
  return soak(
    {
      command: ['redis-server', ...options],
      port: 6379,
      round: async (run, time) => {
        const end = performance.now() + time * 1000;
        const load = { connections: 0, requests: 0 };
        do {
          for (const [keep, requests] of [
            ['1', 20_000],
            ['0', 2000],
          ] as const) {
            const args = ['-h', LKL, '-c', '50', '-n', String(requests), '-k', keep, '-t', 'set,get', '--csv'];
            const output = await run('redis-benchmark', ...args);
            if (output.trim().split('\n').length !== 3) {
              throw new Error(`redis-benchmark: ${output}`);
            }
            load.requests += 2 * requests;
            load.connections += keep === '1' ? 100 : 2 * requests;
          }
        } while (performance.now() < end);
        return load;
      },
    },
    span,
  );
}

/** What has grown in a soak, also beyond a short one of the same server; undefined if nothing has. */
export function growth({ first, last, sockets, slabKiB }: Soak, short: Soak): string | undefined {
  if (last.descriptors > first.descriptors) {
    return `${first.descriptors} descriptors have become ${last.descriptors}`;
  }
  // An allocator keeps some more at times; 16 MiB are not 16 bytes for each of a million connections.
  if (last.memory > first.memory + 16_384) {
    return `${first.memory} KiB of memory have become ${last.memory}`;
  }
  // Its listening socket, and none of its clients'.
  if (sockets > 2) {
    return `${sockets} TCP sockets were left in the kernel`;
  }
  if (slabKiB >= short.slabKiB + 4096) {
    return `${short.slabKiB} KiB of kernel objects after a short time have become ${slabKiB}`;
  }
  return undefined;
}
