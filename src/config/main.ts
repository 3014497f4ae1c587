// SPDX-License-Identifier: GPL-2.0-or-later
//
// lkl-config.
import { CommanderError } from 'commander';
import { Status, UsageError } from './commands/command.ts';
import { makeProgram } from './program.ts';

/** Nobody reads any more what is told, and that is no failure: what is to be done is done, with its own status. */
function outputFails(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    process.stderr.write(`lkl-config: standard output: ${error.message}\n`);
    process.exit(Status.usage);
  }
}

async function main(): Promise<void> {
  process.stdout.on('error', outputFails);
  process.stderr.on('error', () => {});
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
