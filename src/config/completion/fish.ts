// SPDX-License-Identifier: GPL-2.0-or-later
import type { OptionWords, ProgramWords, Values } from './words.ts';

/** Completion for fish. */
export function fish(programs: readonly ProgramWords[]): string {
  return programs.map((program) => (program.commands.length > 0 ? subcommands(program) : runner(program))).join('\n');
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

/** The arguments of complete(1) for what values can be. */
function candidates(values: Values): string {
  switch (values.kind) {
    case 'files':
      return ' -F';
    case 'programs':
      return " -x -a '(__fish_complete_command)'";
    case 'anything':
      return ' -x';
    case 'words':
      return ` -x -a ${quote(values.words.join(' '))}`;
  }
}

function optionLine(start: string, { names, description, values }: OptionWords): string {
  const flags = names.map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`));
  const value = values === undefined ? '' : ` -r${candidates(values)}`;
  return `${start}${flags.join('')}${value} -d ${quote(description)}\n`;
}

function subcommands({ name, commands, options }: ProgramWords): string {
  const first = `complete -c ${name} -n __fish_use_subcommand`;
  const lines = commands.flatMap((command) => {
    const start = `complete -c ${name} -n ${quote(`__fish_seen_subcommand_from ${command.names.join(' ')}`)}`;
    const { values } = command;
    return [
      `${first} -a ${command.names[0]} -d ${quote(command.description)}\n`,
      ...(values.kind === 'anything' ? [] : [`${start}${candidates(values)}\n`]),
      ...command.options.map((option) => optionLine(start, option)),
    ];
  });
  return `complete -c ${name} -f\n${options.map((option) => optionLine(first, option)).join('')}${lines.join('')}`;
}

/** A program whose arguments, from the first that is no option on, are a command of their own. */
function runner({ name, options }: ProgramWords): string {
  const taking = options.filter(({ values }) => values !== undefined).flatMap(({ names }) => names);
  const start = `complete -c ${name}`;
  return `${start} -x -a ${quote(`(__fish_complete_subcommand -- ${taking.join(' ')})`)}
${options.map((option) => optionLine(start, option)).join('')}`;
}
