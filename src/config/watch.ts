// SPDX-License-Identifier: GPL-2.0-or-later
//
// `lkl-config lint --watch`.
import { existsSync, type FSWatcher, statSync, watch as watchDirectory } from 'node:fs';
import path from 'node:path';
import { type Status, UsageError } from './commands/command.ts';
import type { LintOptions } from './commands/lint.ts';
import { lintFiles } from './lint-files.ts';
import { settingsFile } from './settings.ts';
import { expandTarget, targetDirectories } from './targets.ts';

/** An editor changes a file in several steps, and a tool many files: they are looked at when it is done. */
const SETTLE_MS = 50;

/** Checks files, and again whenever one of them changes, comes or goes. It ends by a signal. */
export function watchFiles(targets: readonly string[], options: LintOptions): Promise<Status> {
  if (targets.includes('-')) {
    throw new UsageError('--watch looks at files, not at standard input');
  }
  let watchers: FSWatcher[] = [];
  let pending = false;
  let last: string | undefined;
  const look = (): void => {
    pending = false;
    const before = watchers;
    watchers = watchedDirectories(targets).map((directory) =>
      watchDirectory(directory, soon)
        // It is gone: the next look is for what is there then.
        .on('error', soon),
    );
    for (const watcher of before) {
      watcher.close();
    }
    const state = stateOf(targets);
    if (state !== last) {
      last = state;
      check(targets, options);
    }
  };
  const soon = (): void => {
    if (!pending) {
      pending = true;
      setTimeout(look, SETTLE_MS);
    }
  };
  look();
  // Nobody reads it any more.
  process.stdout.on('error', () => process.exit());
  return new Promise(() => {});
}

function check(targets: readonly string[], options: LintOptions): void {
  try {
    lintFiles(targets, options);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    process.stderr.write(`lkl-config: ${error.message}\n`);
  }
  process.stderr.write('waiting for changes\n');
}

/** Where something can happen to the files, and to the settings. What does not exist yet may come. */
function watchedDirectories(targets: readonly string[]): string[] {
  const settings = settingsFile(process.cwd());
  const wanted = [...targets.flatMap(targetDirectories), ...(settings === undefined ? [] : [path.dirname(settings)])];
  return [...new Set(wanted.map((directory) => nearestExisting(path.resolve(directory))))];
}

function nearestExisting(directory: string): string {
  return existsSync(directory) ? directory : nearestExisting(path.dirname(directory));
}

/** A text that is another one when a file has changed. */
function stateOf(targets: readonly string[]): string {
  const settings = settingsFile(process.cwd());
  const files = [...targets.flatMap(filesOf), ...(settings === undefined ? [] : [settings])];
  return files
    .map((file) => {
      const found = statSync(file, { bigint: true, throwIfNoEntry: false });
      return `${file} ${found?.ino} ${found?.size} ${found?.mtimeNs}`;
    })
    .join('\n');
}

function filesOf(target: string): string[] {
  try {
    return expandTarget(target);
  } catch {
    // A directory went while it was read; checking tells of what is missing.
    return [];
  }
}
