// SPDX-License-Identifier: GPL-2.0-or-later
import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';

/** The files of a directory that are configurations. */
const NAME = /^lkl-hijack.*\.(json|jsonc|json5)$/;

/** What nobody keeps configurations of his own in. */
const PASSED_OVER = ['node_modules', '.git'];

/** The files that an argument means: itself, those of a directory, or those that match a pattern. */
export function expandTarget(argument: string): string[] {
  if (argument === '-') {
    return [argument];
  }
  const found = statOf(argument);
  if (found?.isDirectory()) {
    return filesIn(argument, (name) => NAME.test(path.basename(name)));
  }
  if (found === undefined && isGlob(argument)) {
    const pattern = globPattern(path.posix.normalize(argument));
    return filesIn(globBase(argument), (name) => pattern.test(name));
  }
  return [argument];
}

/** The directories in which the files of an argument are, or may come to be. */
export function targetDirectories(argument: string): string[] {
  const found = statOf(argument);
  if (found?.isDirectory()) {
    return directoriesIn(argument);
  }
  return found === undefined && isGlob(argument) ? directoriesIn(globBase(argument)) : [path.dirname(argument)];
}

function isGlob(argument: string): boolean {
  return /[*?[{]/.test(argument);
}

/** The directory below which a pattern looks. */
function globBase(glob: string): string {
  const parts = glob.split('/');
  const first = parts.findIndex(isGlob);
  return parts.slice(0, first).join('/') || (glob.startsWith('/') ? '/' : '.');
}

/** Nothing is known of what is not there or may not be looked at: who reads it tells why. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

/** What is in a directory, as far as is known. */
function entriesOf(directory: string): Dirent[] | undefined {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

/** A directory and all below it. */
function directoriesIn(directory: string): string[] {
  const inner = (entriesOf(directory) ?? []).filter(
    (entry) => entry.isDirectory() && !PASSED_OVER.includes(entry.name),
  );
  return [directory, ...inner.flatMap(({ name }) => directoriesIn(path.join(directory, name)))];
}

/** A directory that cannot be read stands for itself, as a file that cannot. */
function filesIn(directory: string, wanted: (file: string) => boolean): string[] {
  const entries = entriesOf(directory);
  if (entries === undefined) {
    return [directory];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) {
        return PASSED_OVER.includes(entry.name) ? [] : filesIn(file, wanted);
      }
      return wanted(file) && (entry.isFile() || statOf(file)?.isFile()) ? [file] : [];
    });
}

/** A shell pattern as a regular expression: `*`, `?`, `[...]`, `{a,b}`, and `**` for any directories. */
export function globPattern(glob: string): RegExp {
  let depth = 0;
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\[!?[^\]]+\]|[{},]|[.+^$()|\\\]]/g, (part) => {
    switch (part) {
      case '**/':
        return '(?:[^/]+/)*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        depth++;
        return '(?:';
      case '}':
        return depth-- > 0 ? ')' : '\\}';
      case ',':
        return depth > 0 ? '|' : ',';
      default:
        return part.length > 1 ? part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\') : `\\${part}`;
    }
  });
  return new RegExp(`^${source}${')'.repeat(Math.max(0, depth))}$`);
}
