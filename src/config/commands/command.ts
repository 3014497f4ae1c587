// SPDX-License-Identifier: GPL-2.0-or-later
import { type WriteFileOptions, writeFileSync } from 'node:fs';
import type { Command } from 'commander';

/** What lkl-config exits with. */
export const Status = { clean: 0, findings: 1, usage: 2, internal: 3 } as const;
export type Status = (typeof Status)[keyof typeof Status];

/** One row of the table in index.ts: one file in this directory. */
export interface CommandRow {
  readonly name: string;
  readonly alias?: string;
  readonly description: string;
  /** Adds arguments and options. */
  readonly define: (command: Command) => void;
  /** Does it. What is heavy is imported in here, so that no other command waits for it. */
  readonly run: (command: Command) => Promise<Status> | Status;
}

/** A wrong use of a command, told without a stack. */
export class UsageError extends Error {}

/** Writes a file that the user has named. */
export function writeOutput(file: string, text: string, options?: WriteFileOptions): void {
  try {
    writeFileSync(file, text, options);
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Adds what makes a whole configuration to a command: files, and `--set` (WholeOptions). */
export function defineWhole(command: Command, more = ''): void {
  command
    .argument('[files...]', `as for lkl-hijack --config; without any, the one that lkl-hijack would use here${more}`)
    .option('--set <key=value>', 'change one value, as for lkl-hijack', append);
}

export interface WholeOptions {
  readonly set?: readonly string[];
}

/** For an option that may stand several times. */
export function append(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}
