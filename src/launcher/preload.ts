// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { type Elf, machineName, readElf } from './elf.ts';
import { Failure, Status } from './failure.ts';
import { LIBRARY } from './lookup.ts';
import type { Program } from './program.ts';

/** The library, known to be loadable from its place. */
export interface Library {
  readonly file: string;
  readonly elf: Elf;
}

const HOST = "and the program would use the host's network";

/**
 * Checks what ld.so would not: for each of these it prints a warning at most, and starts the program without the
 * library.
 */
export function checkLibrary(file: string): Library {
  const separator = /[ :]/.exec(file)?.[0];
  if (separator !== undefined) {
    const name = separator === ' ' ? 'a space' : 'a colon';
    throw new Failure(
      Status.ours,
      `${file}: the library's path has ${name} in it: LD_PRELOAD would be split there, ${HOST}`,
      'move lkl-hijack to a directory without one, or name the library by LKL_HIJACK_LIBRARY through a symbolic link',
    );
  }
  let elf: Elf | undefined;
  try {
    elf = readElf(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      Status.ours,
      `${file}: the library cannot be read: ${reason}`,
      "run 'npm run build', or correct LKL_HIJACK_LIBRARY",
    );
  }
  const wrong =
    elf === undefined
      ? 'this is not a shared library'
      : elf.truncated
        ? 'a part of the library is missing: the file is too short'
        : elf.soname !== LIBRARY
          ? `this is not ${LIBRARY}, ${HOST}`
          : undefined;
  if (elf === undefined || wrong !== undefined) {
    throw new Failure(Status.ours, `${file}: ${wrong}`, "run 'npm run build', or correct LKL_HIJACK_LIBRARY");
  }
  return { file, elf };
}

/** A reason why ld.so would ignore the library, and whether a copy of the program would not have it. */
export interface Refusal {
  readonly reason: string;
  readonly remedy: string;
  readonly copyHelps: boolean;
}

/** What is asked of the system, replaceable in tests. */
export interface Process {
  readonly uid: number;
  readonly gid: number;
  /**
   * Set-id bits have no effect (prctl(2), PR_SET_NO_NEW_PRIVS). File capabilities give nothing then, but still keep the
   * library out.
   */
  readonly noNewPrivileges: boolean;
}

export function thisProcess(): Process {
  const status = readFileSync('/proc/self/status', 'latin1');
  return {
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    noNewPrivileges: /^NoNewPrivs:\s*1$/m.test(status),
  };
}

/** Looks for whatever keeps the library out of the program. */
export function findRefusal(program: Program, library: Library, self: Process): Refusal | undefined {
  return fileRefusal(program, library) ?? privilegeRefusal(program, self);
}

/** Reasons in the file's contents. */
function fileRefusal({ elf }: Program, library: Library): Refusal | undefined {
  if (elf.machine !== library.elf.machine || elf.bits !== library.elf.bits || elf.endian !== library.elf.endian) {
    return {
      reason: `it is a program for ${machineName(elf)}, and the library is for ${machineName(library.elf)}`,
      remedy: `use a build of the program for ${machineName(library.elf)}`,
      copyHelps: false,
    };
  }
  if (elf.interpreter === undefined) {
    return {
      reason: 'it is statically linked, so no library can be loaded into it',
      remedy: elf.go
        ? 'none: Go programs make their system calls without libc; run it in a network namespace (ip netns exec)'
        : "use a dynamically linked build of it, such as your distribution's",
      copyHelps: false,
    };
  }
  const ours = libcOfLibrary(library.elf);
  const theirs = libcOfInterpreter(elf.interpreter);
  if (ours !== undefined && ours !== theirs) {
    return {
      reason: `its dynamic linker is ${elf.interpreter}, of ${theirs ?? 'an unknown libc'}, and the library is for ${ours}`,
      remedy: `use a build of the program for ${ours}`,
      copyHelps: false,
    };
  }
  return undefined;
}

function libcOfInterpreter(interpreter: string): string | undefined {
  const name = path.basename(interpreter);
  if (name.startsWith('ld-musl-')) {
    return 'musl';
  }
  return /^ld(-linux.*|64)?\.so/.test(name) ? 'glibc' : undefined;
}

function libcOfLibrary(elf: Elf): string | undefined {
  if (elf.needed.some((name) => /^libc\.musl-|^libc\.so$/.test(name))) {
    return 'musl';
  }
  return elf.needed.some((name) => /^libc\.so\.6/.test(name)) ? 'glibc' : undefined;
}

/** Reasons in who owns the file and what it may do: ld.so ignores LD_PRELOAD in programs that gain rights (AT_SECURE). */
function privilegeRefusal({ elfFile }: Program, self: Process): Refusal | undefined {
  const changed = self.noNewPrivileges ? undefined : setIdChange(statSync(elfFile), self);
  if (changed !== undefined) {
    return {
      reason: `it is a ${changed} program, which the dynamic linker loads no library into for this user`,
      remedy: 'run lkl-hijack as that user, or run a copy without the bit: lkl-hijack --private-copy ...',
      copyHelps: true,
    };
  }
  const capabilities = self.uid === 0 ? '' : fileCapabilities(elfFile);
  if (capabilities === undefined) {
    return {
      reason: 'getcap cannot be run, so nobody knows whether it has file capabilities, with which no library is loaded',
      remedy: 'install getcap (Debian: libcap2-bin), or run a copy, which has none: lkl-hijack --private-copy ...',
      copyHelps: true,
    };
  }
  if (capabilities !== '') {
    return {
      reason: `it has file capabilities (${capabilities}), and the dynamic linker loads no library into such a program`,
      remedy:
        'run a copy without them: lkl-hijack --private-copy ... (on the network of LKL it has all rights without them)',
      copyHelps: true,
    };
  }
  return undefined;
}

function setIdChange(stat: Stats, self: Process): string | undefined {
  if (stat.mode & 0o4000 && stat.uid !== self.uid) {
    return 'set-user-ID';
  }
  // Without the group's execute bit it is a mark for locking, not set-group-ID (inode(7)).
  if ((stat.mode & 0o2010) === 0o2010 && stat.gid !== self.gid) {
    return 'set-group-ID';
  }
  return undefined;
}

/** What getcap(8) says of a file, undefined where it is not there. Node cannot read extended attributes, and an ordinary user's PATH lacks /sbin. */
function fileCapabilities(file: string): string | undefined {
  const searchPath = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('getcap', [file], { env: { PATH: searchPath }, encoding: 'utf8' });
  const text = stdout?.trim();
  return status === 0 ? text.slice(text.lastIndexOf(' ') + 1) : undefined;
}
