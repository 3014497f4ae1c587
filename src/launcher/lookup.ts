// SPDX-License-Identifier: GPL-2.0-or-later
import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Failure, Status } from './failure.ts';

/** The name of the library's file, and what it calls itself (DT_SONAME). */
export const LIBRARY = 'liblkl-hijack.so';
/** The library by itself looks for the first of them only. */
const DEFAULT_CONFIGURATIONS = ['lkl-hijack.json', 'lkl-hijack.jsonc', 'lkl-hijack.json5'];

/** Names the configuration for the library, or is the configuration itself if it begins with a brace. */
export const CONFIGURATION_VARIABLE = 'LKL_HIJACK_CONFIG_FILE';

/** What the user calls the configuration in that variable, for messages. */
export const NAME_VARIABLE = 'LKL_HIJACK_CONFIG_NAME';

/** Finds the library: the one the user names, else that of the checkout or installation that this launcher is part of. */
export function findLibrary(variables: ReadonlyMap<string, string>, root: string): string {
  const named = variables.get('LKL_HIJACK_LIBRARY');
  if (named !== undefined && named !== '') {
    return path.resolve(named);
  }
  const places = [path.join(root, 'build', 'Release', LIBRARY), path.join(root, 'lib', LIBRARY)];
  const found = places.find((place) => statSync(place, { throwIfNoEntry: false })?.isFile());
  if (found === undefined) {
    throw new Failure(
      Status.ours,
      `the library is neither ${places.join(' nor ')}`,
      "run 'npm run build', or name it in LKL_HIJACK_LIBRARY",
    );
  }
  return found;
}

/** The version of the kernel in a library: the build has written it beside the library, or one level up. */
export function kernelVersion(library: string): string | undefined {
  const directory = path.dirname(library);
  for (const place of [directory, path.dirname(directory)]) {
    try {
      return readFileSync(path.join(place, 'kernel-version'), 'utf8').trim();
    } catch {
      // Not there.
    }
  }
  return undefined;
}

/** A configuration, and who said so. */
export interface ConfigurationFile {
  /** As the user wrote it, for messages. */
  readonly name: string;
  /** Absolute: a child of the program may change its directory first. Undefined when there is only the text. */
  readonly file?: string;
  /** The text, where it is no file's or can be read only once. */
  readonly text?: string;
  /** A launcher above this one has put it together. */
  readonly together?: true;
}

/**
 * What `--config` names, else LKL_HIJACK_CONFIG_FILE, else the file of the default name in the current directory,
 * else none.
 */
export function findConfigurations(
  options: readonly string[] | undefined,
  variables: ReadonlyMap<string, string>,
): ConfigurationFile[] {
  if (options !== undefined) {
    return options.map((name) => namedConfiguration(name, '--config'));
  }
  const named = variables.get(CONFIGURATION_VARIABLE);
  if (named === undefined) {
    const name = DEFAULT_CONFIGURATIONS.find((candidate) => statSync(candidate, { throwIfNoEntry: false }));
    return name === undefined ? [] : [namedConfiguration(name, 'the current directory')];
  }
  return [
    named.startsWith('{')
      ? { name: variables.get(NAME_VARIABLE) || CONFIGURATION_VARIABLE, text: named, together: true }
      : namedConfiguration(named, CONFIGURATION_VARIABLE),
  ];
}

function namedConfiguration(name: string, source: string): ConfigurationFile {
  const stat = name === '' ? undefined : statSync(name, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new Failure(Status.ours, `${name}: there is no such configuration file`, `correct ${source}`);
  }
  if (!stat.isFile() && !stat.isFIFO()) {
    throw new Failure(Status.ours, `${name}: the configuration is not a regular file`, 'write it to a file');
  }
  const file = path.resolve(name);
  return stat.isFIFO() ? { name, text: readText(name, file) } : { name, file };
}

/** The text of a configuration. */
export function configurationText({ name, file, text }: ConfigurationFile): string {
  return text ?? readText(name, file ?? name);
}

function readText(name: string, file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      Status.ours,
      `${name}: the configuration cannot be read: ${reason}`,
      "correct the file's permissions, or name another one with --config",
    );
  }
  if (!isUtf8(bytes)) {
    throw new Failure(Status.ours, `${name}: the configuration is not UTF-8`, 'save the file as UTF-8');
  }
  return bytes.toString('utf8');
}
