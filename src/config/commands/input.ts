// SPDX-License-Identifier: GPL-2.0-or-later
//
// How commands get at the configuration that they are about.
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { Failure } from '../../launcher/failure.ts';
import { findConfigurations } from '../../launcher/lookup.ts';
import { readConfiguration } from '../../launcher/normalise.ts';
import type { Found, Text } from '../combine.ts';
import { findingLine } from '../report/line.ts';
import { parseSource } from '../source.ts';
import { syntaxOf } from '../syntax.ts';
import { UsageError } from './command.ts';

export function userVariables(): ReadonlyMap<string, string> {
  return new Map(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
}

/** The text of a file; `-` is standard input. */
export function readInput(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  // Decoded all the same, it would be another text.
  if (!isUtf8(bytes)) {
    throw new UsageError(`${file}: not UTF-8: save the file as UTF-8`);
  }
  return bytes.toString('utf8');
}

/** The texts of files; of those that the launcher would use, if none is named. */
export function wholeTexts(files: readonly string[], references: boolean): Text[] {
  if (files.length > 0) {
    return files.map((file) => ({
      name: file,
      text: readInput(file),
      syntax: file === '-' ? 'json5' : syntaxOf(file),
      references,
    }));
  }
  try {
    const found = findConfigurations(undefined, userVariables()).map(readConfiguration);
    return found.map((text) => ({ ...text, references: references && text.references }));
  } catch (error) {
    throw error instanceof Failure ? new UsageError(error.message) : error;
  }
}

/** Tells what is wrong, on standard error. */
export function complain(found: readonly Found[]): void {
  for (const { name, finding } of found) {
    process.stderr.write(`${findingLine(name, finding)}\n`);
  }
}

/** Whether a text can be read at all. What keeps it from that is told. */
export function isReadable(name: string, text: string): boolean {
  const findings = parseSource(text, 'json5').findings.filter(({ rule }) => rule === 'syntax');
  complain(findings.map((finding) => ({ name, finding })));
  return findings.length === 0;
}
