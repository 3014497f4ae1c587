// SPDX-License-Identifier: GPL-2.0-or-later
//
// lkl-config.
import { CommanderError } from 'commander';
import { Status, UsageError } from './commands/command.ts';
import { makeProgram } from './program.ts';

async function main(): Promise<void> {
  try {
    await makeProgram((status) => {
      process.exitCode = status;
    }).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? Status.clean : Status.usage;
    } else if (error instanceof UsageError) {
      process.stderr.write(`lkl-config: ${error.message}\n`);
      process.exitCode = Status.usage;
    } else {
      process.stderr.write(`lkl-config: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = Status.internal;
    }
  }
}

void main();
