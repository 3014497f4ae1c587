// SPDX-License-Identifier: GPL-2.0-or-later
import path from 'node:path';
import { execa } from 'execa';
import { ROOT } from '../test/support/discover.ts';
import { LIBRARY } from '../test/support/hijack.ts';

const DIRECTORY = path.join(ROOT, 'build', 'Release', 'bench');

/** The command of a program of this directory (CMakeLists.txt). */
export function program(name: string): string {
  return path.join(DIRECTORY, name);
}

/** The command, run under the preload without a launcher. */
export function preloaded(command: readonly string[], config: string): string[] {
  return ['env', `LD_PRELOAD=${LIBRARY}`, `LKL_HIJACK_CONFIG_FILE=${config}`, ...command];
}

/** Runs a command to its end, under the preload if asked to, and gives the JSON that it printed. */
export async function measure<T>(
  command: readonly string[],
  { config, prefix = [] }: { config?: string | undefined; prefix?: readonly string[] } = {},
): Promise<T> {
  const [first = '', ...rest] = [...prefix, ...(config === undefined ? command : preloaded(command, config))];
  const { stdout } = await execa(first, rest, { timeout: 60_000 });
  return JSON.parse(stdout) as T;
}
