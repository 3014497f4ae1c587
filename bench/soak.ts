// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from '../test/support/hijack.ts';
import { growth, soakNginx, soakRedis } from '../test/support/soak.ts';
import type { Benchmark } from './benchmark.ts';

/** Half of the half hour that a soak takes: nginx and redis-server come one after the other. */
const SECONDS = 900;
const ROUNDS = 30;

/** With fewer, it has shown nothing of 16 bytes that each leaves behind. */
const LEAST_CONNECTIONS = 1_000_000;

/** Half an hour under wrk, redis-benchmark and connections that come and go; it fails when anything grows. */
export const soak: Benchmark = {
  name: 'soak',
  description: 'memory grown in half an hour of nginx and redis-server under load',
  onlyByName: true,
  run: async () => {
    let grown = 0;
    const notes = { connections: 0, requests: 0, 'slab KiB': 0 };
    for (const [name, run] of [
      ['nginx', soakNginx],
      ['redis-server', soakRedis],
    ] as const) {
      const directory = path.join(temporaryDirectory(), name);
      mkdirSync(directory);
      const short = await run(directory, { seconds: SECONDS / ROUNDS, rounds: 1 });
      const found = await run(directory, { seconds: SECONDS, rounds: ROUNDS });
      const problem = growth(found, short);
      if (problem !== undefined) {
        throw new Error(`${name}: ${problem}`);
      }
      grown += found.last.memory - found.first.memory;
      notes.connections += found.connections;
      notes.requests += found.requests;
      notes['slab KiB'] = Math.max(notes['slab KiB'], found.slabKiB);
    }
    if (notes.connections < LEAST_CONNECTIONS) {
      throw new Error(`${notes.connections} connections are less than ${LEAST_CONNECTIONS}`);
    }
    return { ours: grown, host: null, unit: 'KiB', ratio: null, spread: 0, notes };
  },
};
