// SPDX-License-Identifier: GPL-2.0-or-later
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './discover.ts';
import { temporaryDirectory } from './hijack.ts';

/** What the launcher needs of a checkout; the library is found apart from it. */
const PARTS = [
  'bin/lkl-hijack',
  'dist/launch.cjs',
  'dist/planner.cjs',
  'dist/planner.cjs.cache',
  'package.json',
  'share',
];

/** Installs the launcher below a directory of its own, without a library, and tells its path. */
export function install(name: string): string {
  const prefix = path.join(temporaryDirectory(), name);
  for (const part of PARTS) {
    mkdirSync(path.dirname(path.join(prefix, part)), { recursive: true });
    cpSync(path.join(ROOT, part), path.join(prefix, part), { recursive: true });
  }
  return path.join(prefix, 'bin', 'lkl-hijack');
}
