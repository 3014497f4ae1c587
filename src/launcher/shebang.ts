// SPDX-License-Identifier: GPL-2.0-or-later

/** The first line of a script: the program that reads it, and at most one argument, as execve(2) takes it. */
export interface Shebang {
  readonly interpreter: string;
  readonly argument: string | undefined;
}

/** Understands the start of a file that may begin with `#!`. */
export function parseShebang(start: string): Shebang | undefined {
  const match = /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*)/.exec(start);
  const interpreter = match?.[1];
  if (interpreter === undefined) {
    return undefined;
  }
  const argument = match?.[2]?.trimEnd();
  return { interpreter, argument: argument === '' ? undefined : argument };
}

/** What env(1) would run, by the argument that a script's first line gives it. */
export interface EnvCommand {
  /** Undefined when the line names none: env then takes the script itself, and would call itself for ever. */
  readonly program: string | undefined;
  /** Whether LD_PRELOAD gets through to it. */
  readonly keepsPreload: boolean;
}

const DROPS_PRELOAD = /^(-|-i|--ignore-environment|-uLD_PRELOAD|--unset=LD_PRELOAD|LD_PRELOAD=.*)$/;

/**
 * Follows `env PROGRAM` and `env -S 'PROGRAM ARGUMENTS'`. Without -S the line is one argument to env, and can so be
 * nothing but a name or one option.
 */
export function parseEnvArgument(argument: string | undefined): EnvCommand {
  const split = /^(?:-v?S|--split-string[= ])\s*(.*)$/.exec(argument ?? '');
  const words = split ? (split[1] ?? '').split(/\s+/) : [argument ?? ''];
  let keepsPreload = true;
  let option: string | undefined;
  for (const word of words) {
    if (option !== undefined) {
      keepsPreload &&= option !== '-u' || word !== 'LD_PRELOAD';
      option = undefined;
    } else if (word === '-u' || word === '-C') {
      option = word;
    } else if (DROPS_PRELOAD.test(word)) {
      keepsPreload = false;
    } else if (word !== '' && !word.startsWith('-') && !word.includes('=')) {
      return { program: word, keepsPreload };
    }
  }
  return { program: undefined, keepsPreload };
}
