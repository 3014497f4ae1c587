// SPDX-License-Identifier: GPL-2.0-or-later
import type { Command } from 'commander';

/** What a manual page has besides what commander knows. */
export interface Extras {
  /** Titles and texts of the sections behind the options; a text may be a list of terms. */
  readonly sections: readonly {
    readonly title: string;
    readonly text: string | readonly (readonly [string, string])[];
  }[];
  readonly seeAlso: readonly string[];
}

/** Text for roff: nothing in it is an instruction. */
function plain(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .split('\n')
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join('\n');
}

function terms(list: readonly (readonly [string, string])[]): string[] {
  return list.flatMap(([term, text]) => ['.TP', `.B ${plain(term)}`, plain(text)]);
}

function options(command: Command): string[] {
  const help = command.createHelp();
  return terms(help.visibleOptions(command).map((option) => [help.optionTerm(option), help.optionDescription(option)]));
}

function subcommands(program: Command): string[] {
  const help = program.createHelp();
  return program.commands.flatMap((command) => [
    `.SS ${plain(help.subcommandTerm(command))}`,
    plain(help.subcommandDescription(command)),
    ...options(command),
  ]);
}

/** The manual page of a program, in roff (man(7)). */
export function manualPage(program: Command, version: string, { sections, seeAlso }: Extras): string {
  const name = program.name();
  const summary = program.description().replace(/\.$/, '');
  return [
    '.\\" Made from the definition of the command line.',
    `.TH ${name.toUpperCase()} 1 "" "lkl\\-hijack ${version}" "User Commands"`,
    '.SH NAME',
    `${plain(name)} \\- ${plain(summary.charAt(0).toLowerCase() + summary.slice(1))}`,
    '.SH SYNOPSIS',
    `.B ${plain(name)}`,
    plain(program.usage()),
    '.SH DESCRIPTION',
    plain(program.description()),
    '.SH OPTIONS',
    ...options(program),
    ...(program.commands.length === 0 ? [] : ['.SH COMMANDS', ...subcommands(program)]),
    ...sections.flatMap(({ title, text }) => [
      `.SH ${title.toUpperCase()}`,
      ...(typeof text === 'string' ? [plain(text)] : terms(text)),
    ]),
    '.SH SEE ALSO',
    `${seeAlso.map(plain).join(', ')}`,
    '',
  ].join('\n');
}
