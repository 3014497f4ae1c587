// SPDX-License-Identifier: GPL-2.0-or-later
import { type Dirent, readdirSync, statSync } from 'node:fs';
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
  const found = statSync(argument, { throwIfNoEntry: false });
  if (found?.isDirectory()) {
    return filesIn(argument, (name) => NAME.test(path.basename(name)));
  }
  if (found === undefined && /[*?[{]/.test(argument)) {
    const parts = argument.split('/');
    const first = parts.findIndex((part) => /[*?[{]/.test(part));
    const base = parts.slice(0, first).join('/') || (argument.startsWith('/') ? '/' : '.');
    const pattern = globPattern(path.posix.normalize(argument));
    return filesIn(base, (name) => pattern.test(name));
  }
  return [argument];
}

function filesIn(directory: string, wanted: (file: string) => boolean): string[] {
  const entries: Dirent[] = readdirSync(directory, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) {
        return PASSED_OVER.includes(entry.name) ? [] : filesIn(file, wanted);
      }
      return wanted(file) && (entry.isFile() || statSync(file, { throwIfNoEntry: false })?.isFile()) ? [file] : [];
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
