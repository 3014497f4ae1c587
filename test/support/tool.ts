// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './discover.ts';

/** Runs a checking tool in the top directory; npm's tools come before those of the system. Fails with what it says. */
export function assertClean(tool: string, args: readonly string[]): void {
  const bin = path.join(ROOT, 'node_modules', '.bin');
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, NO_COLOR: '1' },
  });
  if (error !== undefined) {
    throw new Error(`${tool} cannot be run: ${error.message}`);
  }
  if (status !== 0) {
    throw new Error(`${tool} found something:\n${stdout}${stderr}`);
  }
}
