// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { temporaryDirectory } from '../../test/support/hijack.ts';
import { makeSite } from '../../test/support/nginx.ts';
import { waitFor } from '../../test/support/wait.ts';
import { program } from '../programs.ts';
import type { Servers, Wire } from './model.ts';

/** Of the load server. */
export const LOAD_PORT = 5201;

/** The file of a wire's load server and its clients (load.h). */
export function sharedFile({ peer }: Wire): string {
  return path.join(temporaryDirectory(), `${peer.name}.load`);
}

interface Server {
  readonly port: number;
  readonly command: (wire: Wire, directory: string) => readonly string[];
  /**
   * A file and what is in it when the server listens. Nobody is to connect before to a server inside: what passt of
   * Debian 12 takes while its guest is not there yet keeps it spinning for ten seconds (docs/backends.md).
   */
  readonly listens?: readonly [file: string, text: string];
  /** A client's command that succeeds when the server is ready. */
  readonly probe: (address: string, port: number) => readonly string[];
}

const servers: Readonly<Record<string, Server>> = {
  load: {
    port: LOAD_PORT,
    command: (wire) => [program('load'), 'serve', String(LOAD_PORT), sharedFile(wire)],
    probe: (address, port) => ['nc', '-z', '-w', '1', address, String(port)],
  },
  nginx: {
    port: 80,
    command: (_wire, directory) => {
      const { command, root } = makeSite(directory);
      writeFileSync(path.join(root, 'index.html'), 'the index\n'.repeat(50));
      return command;
    },
    listens: ['nginx.pid', '\n'],
    probe: (address, port) => ['curl', '-sf', '-m', '1', '-o', '/dev/null', `http://${address}:${port}/`],
  },
  redis: {
    port: 6379,
    command: (_wire, directory) => {
      const quiet = ['--save', '', '--protected-mode', 'no', '--logfile', path.join(directory, 'log')];
      return ['redis-server', '--dir', directory, '--bind', '0.0.0.0', ...quiet];
    },
    listens: ['log', 'Ready to accept connections'],
    probe: (address, port) => ['redis-cli', '-h', address, '-p', String(port), 'ping'],
  },
};

let directories = 0;

/** A server of the table that runs. */
export interface Running {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Starts a server and waits until it answers: on the peer, or inside. */
export async function startServer(wire: Wire, name: string, where: 'peer' | 'inside'): Promise<Running> {
  const server = servers[name];
  if (server === undefined) {
    throw new Error(`there is no server ${name}`);
  }
  const directory = path.join(temporaryDirectory(), `server-${++directories}`);
  mkdirSync(directory);
  const prefix = where === 'peer' ? wire.peer.prefix : [...wire.outside, ...wire.inside];
  const [file = '', ...args] = [...prefix, ...server.command(wire, directory)];
  const process = execa(file, args, { reject: false, stdin: 'ignore' });
  const at = where === 'peer' ? { address: '127.0.0.1', port: server.port } : wire.entry(server.port);
  const [probe = '', ...parameters] = [...wire.peer.prefix, ...server.probe(at.address, at.port)];
  let ended = false;
  void process.then(() => {
    ended = true;
  });
  await waitFor(name, async () => {
    if (ended) {
      const { stderr, shortMessage } = await process;
      throw new Error(`${name} has ended: ${stderr || shortMessage}`);
    }
    if (server.listens !== undefined) {
      const [file, text] = server.listens;
      const found = path.join(directory, file);
      if (!existsSync(found) || !readFileSync(found, 'utf8').includes(text)) {
        return false;
      }
    }
    return (await execa(probe, parameters, { reject: false, timeout: 2000 })).exitCode === 0;
  });
  return {
    pid: process.pid ?? 0,
    stop: async () => {
      process.kill('SIGKILL');
      await process;
    },
  };
}

/** A wire's servers: started on its peer when they are wanted, and kept. */
export class PeerServers implements Servers {
  readonly #running = new Map<string, Running>();
  readonly wire: Wire;

  constructor(wire: Wire) {
    this.wire = wire;
  }

  async start(name: string): Promise<number> {
    let running = this.#running.get(name);
    if (running === undefined) {
      running = await startServer(this.wire, name, 'peer');
      this.#running.set(name, running);
    }
    return running.pid;
  }

  /** Ends them, in whatever state a load has left them. */
  async stop(): Promise<void> {
    const running = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(running.map(({ stop }) => stop()));
  }
}
