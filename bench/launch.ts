// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import { compile } from '../test/support/elf.ts';
import { LAUNCHER, writeConfiguration } from '../test/support/hijack.ts';
import { type Benchmark, inTurns, median, spread } from './benchmark.ts';

const CONFIGURATION = {
  gateway: '192.168.0.1',
  interfaces: [{ type: 'tap', param: 'tap0', ip: '192.168.0.2', masklen: '24', mtu: '1500' }],
};

/** Milliseconds from start to exit. */
function time(program: string, args: readonly string[], env: Readonly<Record<string, string>>): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(program, args, { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${program}: ${stderr}`);
  }
  return performance.now() - started;
}

/**
 * Start to end of `lkl-hijack -c FILE true`, less that of `node -e 0`. An empty library stands for liblkl-hijack.so:
 * the kernel's boot is another benchmark.
 */
export const launch: Benchmark = {
  name: 'launch',
  description: 'the launcher, over node -e 0',
  run: async () => {
    const env = { LKL_HIJACK_LIBRARY: compile('', '-shared', '-fPIC', '-Wl,-soname,liblkl-hijack.so') };
    const file = writeConfiguration(CONFIGURATION);
    const { ours, host } = await inTurns(
      40,
      () => time(LAUNCHER, ['-c', file, 'true'], env),
      () => time(process.execPath, ['-e', '0'], {}),
    );
    return {
      ours: median(ours) - median(host),
      host: null,
      unit: 'ms',
      ratio: null,
      spread: spread(ours),
      notes: { node: median(host) },
    };
  },
};
