// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { writeConfiguration } from '../test/support/hijack.ts';
import { type Benchmark, median, quartiles, spread } from './benchmark.ts';
import { preloaded, program } from './programs.ts';

/** How the pages of a process lie costs or saves some nanoseconds for its whole life: so there are several pairs. */
const PAIRS = 8;
const ROUNDS = 100;

/** The kinds of calls.c; the last is more than a call of the host, and told beside. */
const KINDS = ['file', 'pipe', 'epoll of 1000', 'half of them sockets'] as const;

interface Caller {
  /** Nanoseconds of a call, from a batch of the kind. */
  readonly batch: (kind: number) => Promise<number>;
  readonly end: () => void;
}

function start(command: readonly string[]): Caller {
  const [first = '', ...rest] = command;
  const child = spawn(first, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    batch: async (kind) => {
      child.stdin.write(`${kind}`);
      const { value, done } = await lines.next();
      if (done) {
        throw new Error('bench/calls ended');
      }
      return Number(value);
    },
    end: () => child.stdin.end(),
  };
}

/** What the preload adds to a call of each kind, in a pair of processes, and what the call costs without. */
async function pair(config: string): Promise<{ added: number[]; host: number[] }> {
  const [ours, host] = [start(preloaded([program('calls')], config)), start([program('calls')])];
  const rounds = KINDS.map(() => ({ added: [] as number[], host: [] as number[] }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [kind, samples] of rounds.entries()) {
      // Who comes first takes turns as well.
      const [a, b] = round % 2 ? [host, ours] : [ours, host];
      const first = await a.batch(kind);
      const second = await b.batch(kind);
      if (round > 0) {
        samples.added.push(round % 2 ? second - first : first - second);
        samples.host.push(round % 2 ? first : second);
      }
    }
  }
  ours.end();
  host.end();
  return { added: rounds.map(({ added }) => median(added)), host: rounds.map((round) => median(round.host)) };
}

export const passthrough: Benchmark = {
  name: 'passthrough',
  description: 'added to a call of the host',
  run: async () => {
    const config = writeConfiguration({});
    const pairs: Awaited<ReturnType<typeof pair>>[] = [];
    for (let i = 0; i < PAIRS; i++) {
      pairs.push(await pair(config));
    }
    const figures = KINDS.map((kind, i) => {
      const added = pairs.map((found) => found.added[i] ?? Number.NaN);
      const host = pairs.map((found) => found.host[i] ?? Number.NaN);
      const [low, high] = quartiles(added);
      return { kind, added: median(added), around: (high - low) / 2, host: median(host), spread: spread(host) };
    });
    const worst = figures.slice(0, -1).reduce((a, b) => (b.added > a.added ? b : a));
    return {
      ours: worst.added,
      host: null,
      unit: 'ns',
      ratio: null,
      spread: worst.spread,
      notes: Object.fromEntries(
        figures.flatMap(({ kind, added, around, host }) => [
          [kind, added],
          [`${kind} ±`, around],
          [`${kind} without`, host],
        ]),
      ),
    };
  },
};
