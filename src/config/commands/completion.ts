// SPDX-License-Identifier: GPL-2.0-or-later
import { Argument } from 'commander';
import { type CommandRow, Status } from './command.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const completion: CommandRow = {
  name: 'completion',
  description: 'print what makes a shell complete the words of lkl-config and lkl-hijack',
  define: (command) => {
    command.addArgument(new Argument('<shell>').choices(SHELLS)).addHelpText(
      'after',
      `
bash: in ~/.bashrc                 eval "$(lkl-config completion bash)"
zsh:  in ~/.zshrc, after compinit  eval "$(lkl-config completion zsh)"
fish: once                         lkl-config completion fish > ~/.config/fish/conf.d/lkl-hijack.fish`,
    );
  },
  run: async (command) => {
    const { shells } = await import('../completion/index.ts');
    const { programWords } = await import('../completion/words.ts');
    const { makeCommand } = await import('../../launcher/cli.ts');
    const { parent } = command;
    const shell = SHELLS.find((name) => name === command.args[0]) ?? 'bash';
    const programs = [...(parent === null ? [] : [parent]), makeCommand()];
    process.stdout.write(shells[shell](programs.map(programWords)));
    return Status.clean;
  },
};
