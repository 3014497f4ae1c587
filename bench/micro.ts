// SPDX-License-Identifier: GPL-2.0-or-later
import { writeConfiguration } from '../test/support/hijack.ts';
import { type Benchmark, compare, inTurns, median, spread } from './benchmark.ts';
import { measure, program } from './programs.ts';

const ROUNDS = 7;
const MIB = 1 << 20;

/** A mode of micro.c, with the preload and without. */
function both(mode: string): [() => Promise<number>, () => Promise<number>] {
  const command = [program('micro'), mode];
  const config = writeConfiguration({});
  return [() => measure<number>(command, { config }), () => measure<number>(command)];
}

/** The difference that the preload makes, where a ratio says little. */
async function added(mode: string, unit: string, divisor: number) {
  const { ours, host } = await inTurns(ROUNDS, ...both(mode));
  return {
    ours: (median(ours) - median(host)) / divisor,
    host: null,
    unit,
    ratio: null,
    spread: spread(ours),
    notes: { without: median(host) / divisor },
  };
}

export const nullSyscall: Benchmark = {
  name: 'null-syscall',
  description: 'getppid() in LKL, against the host',
  run: () => compare('ns', ROUNDS, ...both('null')),
};

export const loopback: Benchmark = {
  name: 'loopback',
  description: 'TCP over 127.0.0.1, two threads',
  run: () => compare('B/s', ROUNDS, ...both('loopback')),
};

export const memory: Benchmark = {
  name: 'memory',
  description: 'resident memory added',
  run: () => added('memory', 'MiB', MIB),
};

export const boot: Benchmark = {
  name: 'boot',
  description: 'boot of the kernel, no interfaces',
  run: async () => {
    const command = [program('boot')];
    const { ours } = await inTurns(
      15,
      () => measure<number>(command),
      () => 0,
    );
    return { ours: median(ours), host: null, unit: 'ms', ratio: null, spread: spread(ours) };
  },
};
