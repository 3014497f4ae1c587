// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../test/support/discover.ts';
import { temporaryDirectory } from '../test/support/hijack.ts';
import { type Benchmark, inTurns, median, spread } from './benchmark.ts';

const FILES = 1000;

/** Files as projects have them, no two alike. */
function makeFiles(): string {
  const directory = path.join(temporaryDirectory(), 'many');
  mkdirSync(directory);
  for (let index = 0; index < FILES; index++) {
    const subnet = `10.${index >> 8}.${index & 255}`;
    const one = { type: 'tap', param: `tap${index}`, ip: `${subnet}.2`, masklen: '24', mtu: '1500', offload: '0xc803' };
    const two = { type: 'tap', param: `tun${index}`, ipv6: `fd00:${index}::2`, masklen6: '64' };
    const configuration = { gateway: `${subnet}.1`, debug: '0', interfaces: [one, two] };
    writeFileSync(path.join(directory, `lkl-hijack-${index}.json`), JSON.stringify(configuration, null, 2));
  }
  return directory;
}

/** Milliseconds of `lkl-config lint`. */
function time(target: string): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(path.join(ROOT, 'bin', 'lkl-config'), ['lint', target], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`lint ${target}: ${stderr}`);
  }
  return performance.now() - started;
}

/** A thousand files in one call, over one file, which is mostly the start of Node. */
export const lint: Benchmark = {
  name: 'lint',
  description: `lkl-config lint: ${FILES} files, over one`,
  run: async () => {
    const directory = makeFiles();
    const one = path.join(directory, 'lkl-hijack-0.json');
    const { ours, host } = await inTurns(
      10,
      () => time(directory),
      () => time(one),
    );
    const started = median(host);
    return {
      ours: median(ours),
      host: started,
      unit: 'ms',
      ratio: median(ours) / started,
      spread: spread(ours),
    };
  },
};
