// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Failure, Status } from './failure.ts';

const LIBRARY = 'liblkl-hijack.so';
const DEFAULT_CONFIGURATION = 'lkl-hijack.json';

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

/** A configuration file, and who said so. */
export interface ConfigurationFile {
  /** As the user wrote it, for messages. */
  readonly name: string;
  /** Absolute: a child of the program may change its directory first. */
  readonly file: string;
}

/** `--config`, then LKL_HIJACK_CONFIG_FILE, then lkl-hijack.json of the current directory, then none. */
export function findConfiguration(
  option: string | undefined,
  variables: ReadonlyMap<string, string>,
): ConfigurationFile | undefined {
  const named = option ?? variables.get('LKL_HIJACK_CONFIG_FILE');
  const name = named ?? DEFAULT_CONFIGURATION;
  const stat = name === '' ? undefined : statSync(name, { throwIfNoEntry: false });
  if (named === undefined && stat === undefined) {
    return undefined;
  }
  const source = option === undefined ? 'LKL_HIJACK_CONFIG_FILE' : '--config';
  if (stat === undefined) {
    throw new Failure(Status.ours, `${name}: there is no such configuration file`, `correct ${source}`);
  }
  if (!stat.isFile()) {
    throw new Failure(
      Status.ours,
      `${name}: the configuration is not a regular file, and could not be read once more by the program's children`,
      'write it to a file',
    );
  }
  return { name, file: path.resolve(name) };
}
