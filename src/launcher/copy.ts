// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { Failure, Status } from './failure.ts';

const DAY = 24 * 60 * 60 * 1000;

/** The directory of copies below the user's cache (XDG base directory specification). */
export function copiesDirectory(variables: ReadonlyMap<string, string>): string {
  const cache = variables.get('XDG_CACHE_HOME') ?? '';
  const home = variables.get('HOME') ?? '';
  const base = path.isAbsolute(cache) ? cache : path.join(home === '' ? '/tmp' : home, '.cache');
  return path.join(base, 'lkl-hijack', `copies-${process.getuid?.() ?? 0}`);
}

/**
 * Copies a program, which loses what makes the dynamic linker careful: set-id bits and capabilities. The copy cannot
 * be removed when the program ends, for by then there is no launcher: copies of the same file are one, and those that
 * were not used for a day are removed by the next call.
 */
export function privateCopy(file: string, directory: string): string {
  const stat = statSync(file);
  const identity = [file, stat.dev, stat.ino, stat.size, stat.mtimeMs].join('\0');
  const own = path.join(directory, createHash('sha256').update(identity).digest('hex').slice(0, 16));
  const copy = path.join(own, path.basename(file));
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 });
    checkOwner(directory);
    removeOld(directory);
    if (statSync(copy, { throwIfNoEntry: false })?.size !== stat.size) {
      const partial = `${copy}.${process.pid}`;
      copyFileSync(file, partial);
      chmodSync(partial, 0o700);
      renameSync(partial, copy);
    }
    const now = new Date();
    utimesSync(own, now, now);
  } catch (error) {
    if (error instanceof Failure) {
      throw error;
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(Status.ours, `${file}: no private copy can be made: ${reason}`, `look at ${directory}`);
  }
  return copy;
}

/** A directory that others can write to could hold their program under our copy's name. */
function checkOwner(directory: string): void {
  const stat = lstatSync(directory);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || stat.mode & 0o022) {
    throw new Failure(
      Status.ours,
      `${directory}: others may write to the directory of private copies`,
      'remove it, and check the rights of the directories above it',
    );
  }
}

function removeOld(directory: string): void {
  for (const name of readdirSync(directory)) {
    const entry = path.join(directory, name);
    const stat = statSync(entry, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > DAY) {
      rmSync(entry, { recursive: true, force: true });
    }
  }
}
