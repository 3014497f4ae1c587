// SPDX-License-Identifier: GPL-2.0-or-later
//
// What can stand where on a command line: the same for all shells, made of what commander knows.
import type { Command, Option } from 'commander';
import { netWords } from '../../launcher/net.ts';
import { allKeys } from '../explain.ts';
import { globalKeys, interfaceKeys } from '../keys.ts';
import { rows } from '../model.ts';
import { rules } from '../rules/index.ts';

/** What a value or an argument can be. */
export type Values =
  | { readonly kind: 'files' | 'programs' | 'anything' }
  /** Words; after one that ends in an equals sign the user goes on. */
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface OptionWords {
  /** `-f` and `--format`, as far as there are. */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined when it takes none. */
  readonly values?: Values;
}

export interface CommandWords {
  readonly names: readonly string[];
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** Of all its arguments. */
  readonly values: Values;
}

export interface ProgramWords {
  readonly name: string;
  readonly options: readonly OptionWords[];
  /** Empty for a program that runs another one. */
  readonly commands: readonly CommandWords[];
}

/** What a value is by its name in the help. */
const VALUES: Readonly<Record<string, () => Values>> = {
  'type:param': () => words(netWords),
  file: () => ({ kind: 'files' }),
  files: () => ({ kind: 'files' }),
  programs: () => ({ kind: 'programs' }),
  subject: () =>
    words(
      allKeys()
        .flatMap(({ name, info }) => [name, ...(info.variable === undefined ? [] : [info.variable])])
        .concat(rules.map(({ id }) => id)),
    ),
  key: () => words(keyPaths()),
  'key=value': () => words(keyPaths().map((path) => `${path}=`)),
  'id=level': () => words(rules.map(({ id }) => `${id}=`)),
};

function words(all: readonly string[]): Values {
  // A dollar means something to shells.
  return { kind: 'words', words: [...new Set(all)].filter((word) => !word.includes('$')) };
}

function keyPaths(): string[] {
  const top = rows(globalKeys).map(([name]) => name);
  return [...top, ...rows(interfaceKeys).map(([name]) => `interfaces.0.${name}`)];
}

export function programWords(program: Command): ProgramWords {
  return {
    name: program.name(),
    options: optionWords(program),
    commands: program.commands.map((command) => ({
      names: [command.name(), ...command.aliases()],
      description: command.description(),
      options: optionWords(command),
      values: argumentValues(command),
    })),
  };
}

function argumentValues(command: Command): Values {
  const [first] = command.registeredArguments;
  if (first === undefined) {
    return { kind: 'anything' };
  }
  return first.argChoices === undefined ? valuesOf(first.name()) : words(first.argChoices);
}

function optionWords(command: Command): OptionWords[] {
  return command.createHelp().visibleOptions(command).map(oneOption);
}

function oneOption(option: Option): OptionWords {
  const names = [option.short, option.long].filter((name) => name !== undefined && name !== null);
  const placeholder = /<([^>]+)>/.exec(option.flags)?.[1];
  return {
    names,
    description: option.description.replace(/\s*[;:(,].*$/s, ''),
    ...(placeholder === undefined
      ? {}
      : { values: option.argChoices === undefined ? valuesOf(placeholder) : words(option.argChoices) }),
  };
}

function valuesOf(placeholder: string): Values {
  return VALUES[placeholder]?.() ?? { kind: 'anything' };
}
