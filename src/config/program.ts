// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import type { Status } from './commands/command.ts';
import { commands } from './commands/index.ts';

/** lkl-config as commander knows it; completion is made from it too. */
export function makeProgram(done: (status: Status) => void): Command {
  const program = new Command('lkl-config')
    .description('Works on configuration files of lkl-hijack.')
    .helpCommand(false)
    .addHelpText('after', '\nExit status: 0 clean, 1 findings, 2 usage or unreadable input, 3 internal error.');
  // Before the subcommands, which inherit it.
  program.exitOverride();
  for (const [index, { name, alias, description, define, run }] of commands.entries()) {
    const command = program.command(name, { isDefault: index === 0 }).description(description);
    if (alias !== undefined) {
      command.alias(alias);
    }
    define(command);
    command.action(async () => done(await run(command)));
  }
  return program;
}
