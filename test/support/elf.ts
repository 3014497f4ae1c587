// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from './hijack.ts';

let files = 0;

/** Compiles C code, and tells the file. */
export function compile(code: string, ...flags: string[]): string {
  const file = path.join(temporaryDirectory(), `program-${++files}`);
  execFileSync('cc', ['-x', 'c', '-', '-o', file, ...flags], { input: code, stdio: ['pipe', 'ignore', 'inherit'] });
  return file;
}

/** A copy of a program with some bytes changed, or with one text replaced by another that is not longer. */
export function patch(
  file: string,
  change: Readonly<Record<number, number>> | readonly [from: string, to: string],
): string {
  const bytes = readFileSync(file);
  if (Array.isArray(change)) {
    const [from, to] = change;
    bytes.write(String(to).padEnd(String(from).length, '\0'), bytes.indexOf(String(from)), 'latin1');
  } else {
    for (const [offset, value] of Object.entries(change)) {
      bytes[Number(offset)] = value;
    }
  }
  const patched = path.join(temporaryDirectory(), `program-${++files}`);
  writeFileSync(patched, bytes, { mode: 0o755 });
  return patched;
}

export const MAIN = 'int main(void) { return 0; }';

const PROOF = `
#include <unistd.h>
__attribute__((constructor)) static void here(void) { (void)!write(2, "hijacked\\n", 9); }
`;

/** A small library that says on standard error that it is there, as liblkl-hijack.so does with its kernel. */
export function compileProof(soname = 'liblkl-hijack.so'): string {
  return compile(PROOF, '-shared', '-fPIC', `-Wl,-soname,${soname}`);
}
