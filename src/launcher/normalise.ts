// SPDX-License-Identifier: GPL-2.0-or-later
import { combineAndCheck, type Text } from '../config/combine.ts';
import type { Severity } from '../config/finding.ts';
import { findingLine } from '../config/report/line.ts';
import { syntaxOf } from '../config/syntax.ts';
import { type Configured, type Given, WrongConfiguration } from './configuration.ts';
import { Failure, Status } from './failure.ts';
import { CONFIGURATION_VARIABLE, type ConfigurationFile, configurationText } from './lookup.ts';
import { netInterfaces } from './net.ts';

/** The longest string that execve(2) takes: MAX_ARG_STRLEN with its NUL. */
const LONGEST_VARIABLE = 128 * 1024 - 1;

/**
 * Makes of files in any syntax, and of overrides, what the library reads: the text of a strict file. It goes by the
 * environment: that every child of the program has too, nothing of it is left when all are gone, however they went, and
 * no descriptor is open in the program.
 */
export function normalise({ files, net, publish, assignments, variables, tell }: Given): Configured {
  const texts = files.map(readConfiguration);
  const interfaces = netInterfaces({ net, publish });
  const { document, found } = combineAndCheck({ variables, texts, net: interfaces, assignments });
  const lines = (severity: Severity): string[] =>
    found.filter(({ finding }) => finding.severity === severity).map(({ name, finding }) => findingLine(name, finding));
  const errors = lines('error');
  if (errors.length > 0) {
    throw new WrongConfiguration(errors);
  }
  lines('warning').forEach(tell);
  const { $schema: _, ...rest } = document;
  const result = JSON.stringify(rest);
  if (Buffer.byteLength(`${CONFIGURATION_VARIABLE}=${result}`) > LONGEST_VARIABLE) {
    throw new Failure(
      Status.ours,
      'the configuration that was put together is longer than an environment variable can be (128 KiB)',
      "write it to a file with 'lkl-config convert', and name that by --config",
    );
  }
  const sources = [...texts, interfaces, assignments.length > 0 ? { name: '--set' } : undefined];
  return { configuration: result, name: sources.flatMap((source) => source?.name ?? []).join(', ') };
}

/** Reads a configuration that the launcher has found. */
export function readConfiguration(found: ConfigurationFile): Text {
  return {
    name: found.name,
    text: configurationText(found),
    syntax: syntaxOf(found.file ?? ''),
    // What the launcher has put into the variable has gone through here before.
    references: !found.together,
  };
}
