// SPDX-License-Identifier: GPL-2.0-or-later
import { accessSync, closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { type Elf, readElf } from './elf.ts';
import { Failure, Status } from './failure.ts';
import { parseEnvArgument, parseShebang } from './shebang.ts';

/** The file that the kernel will in the end load for a program's name. */
export interface Program {
  /** What the user's name stands for. */
  readonly file: string;
  /** The script, if it is one, and the interpreters on the way to the ELF file. */
  readonly scripts: readonly string[];
  readonly elfFile: string;
  readonly elf: Elf;
}

/** As many interpreters of interpreters as the kernel follows (BINPRM_MAX_RECURSION), env's step included. */
const MAX_DEPTH = 5;
/** The kernel looks no further into a script's first line (BINPRM_BUF_SIZE). */
const FIRST_LINE = 256;
/** Where exec looks when there is no PATH (confstr(3), _CS_PATH, with the places of the administrator). */
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Finds the program and follows `#!` lines until there is an ELF file. */
export function findProgram(name: string, searchPath: string | undefined): Program {
  const file = resolve(name, searchPath);
  const scripts: string[] = [];
  let next = file;
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const elf = inspect(next);
    if (elf !== undefined) {
      return { file, scripts, elfFile: next, elf };
    }
    scripts.push(next);
    next = interpreterOf(next, searchPath);
  }
  throw new Failure(
    Status.notExecutable,
    `${file}: the interpreter of its interpreter goes on and on`,
    `look at the first lines of ${scripts.join(', ')}`,
  );
}

/** Does what execvp(3) does to find a file, and says why when it would not. */
function resolve(name: string, searchPath: string | undefined): string {
  if (name.includes('/')) {
    const problem = obstacle(name);
    if (problem !== undefined) {
      throw problem;
    }
    return name;
  }
  if (name === '') {
    throw new Failure(Status.notFound, 'the name of the program is empty', 'name a program; is a variable unset?');
  }
  let denied: Failure | undefined;
  for (const directory of (searchPath ?? DEFAULT_PATH).split(':')) {
    const candidate = path.join(directory === '' ? '.' : directory, name);
    const problem = obstacle(candidate);
    if (problem === undefined) {
      return candidate;
    }
    if (problem.status === Status.notExecutable) {
      denied ??= problem;
    }
  }
  throw (
    denied ??
    new Failure(
      Status.notFound,
      `${name}: there is no such program in PATH`,
      'check the spelling, install it, or give its path',
    )
  );
}

/** Why a file cannot be executed; undefined when it can. */
function obstacle(file: string): Failure | undefined {
  let stat: Stats | undefined;
  try {
    stat = statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    // A directory on the way is not for this user, or a link leads nowhere. execvp(3) looks further, too.
    const reason = error instanceof Error ? error.message : String(error);
    return new Failure(Status.notExecutable, `${file}: it cannot be looked at: ${reason}`, 'correct the path, or PATH');
  }
  if (stat === undefined) {
    return new Failure(Status.notFound, `${file}: there is no such file`, 'check the path');
  }
  if (stat.isDirectory()) {
    return new Failure(Status.notExecutable, `${file}: it is a directory`, 'name a program in it');
  }
  try {
    accessSync(file, constants.X_OK);
  } catch {
    return new Failure(
      Status.notExecutable,
      `${file}: it is not executable`,
      `chmod +x ${file}, or name the interpreter before it`,
    );
  }
  return undefined;
}

function inspect(file: string): Elf | undefined {
  try {
    return readElf(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  return new Failure(
    Status.ours,
    `${file}: it cannot be seen whether the library can be loaded into it: ${reason}`,
    'make the file readable for this user',
  );
}

/** The file that runs this one, which is no ELF file. */
function interpreterOf(script: string, searchPath: string | undefined): string {
  const start = readStart(script);
  const shebang = parseShebang(start);
  if (shebang === undefined) {
    if (start.includes('\0')) {
      throw new Failure(
        Status.notExecutable,
        `${script}: it is neither a program of this system nor a script`,
        'is it made for another system?',
      );
    }
    // What the kernel does not know, sh and execvp(3) take for a script of the shell.
    return '/bin/sh';
  }
  if (path.basename(shebang.interpreter) !== 'env') {
    // The kernel does not look into PATH: a name alone is a file of the current directory.
    const { interpreter } = shebang;
    return resolveInterpreter(script, interpreter.includes('/') ? interpreter : `./${interpreter}`, undefined);
  }
  const command = parseEnvArgument(shebang.argument);
  if (!command.keepsPreload) {
    throw new Failure(
      Status.ours,
      `${script}: its first line makes env drop LD_PRELOAD, and it would use the host's network`,
      'name the interpreter yourself: lkl-hijack INTERPRETER SCRIPT',
    );
  }
  return resolveInterpreter(script, command.program ?? shebang.interpreter, searchPath);
}

function resolveInterpreter(script: string, name: string, searchPath: string | undefined): string {
  try {
    return resolve(name, searchPath);
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    throw new Failure(
      Status.notExecutable,
      `${script}: its interpreter is unusable: ${error.message}`,
      "correct the script's first line, or install the interpreter",
    );
  }
}

function readStart(file: string): string {
  const buffer = Buffer.alloc(FIRST_LINE);
  const fd = openSync(file, 'r');
  try {
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(fd);
  }
}
