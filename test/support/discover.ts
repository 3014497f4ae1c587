// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's top directory; this file runs as dist/test/support/discover.js. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface TestFile {
  /** As it is shown and selected by. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Seconds it may take. */
  readonly limit: number;
}

const DEFAULT_LIMIT = 300;

/** Every TypeScript file in a directory of test/ but support/ is a test, and every program that CMake makes of C tests. */
export function findTests(): TestFile[] {
  return [...typescriptTests(), ...programTests()];
}

/** Looks at the sources, lest what is left in dist/ of a removed test is run. */
function typescriptTests(): TestFile[] {
  return readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file.includes('/') && !file.startsWith('support/'))
    .sort()
    .map((file) => {
      const source = path.join('test', file);
      const compiled = path.join(ROOT, 'dist', source.replace(/\.ts$/, '.js'));
      return { name: source, command: [process.execPath, compiled], limit: limitOf(path.join(ROOT, source)) };
    });
}

/** A line `// time limit: 600 s` in a test file says how long it may take. */
function limitOf(source: string): number {
  const limit = /^(?:\/\/|\/\*) time limit: (\d+) s/m.exec(readFileSync(source, 'utf8'))?.[1];
  return limit === undefined ? DEFAULT_LIMIT : Number(limit);
}

function programTests(): TestFile[] {
  const directory = path.join(ROOT, 'build', 'Release', 'tests');
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    return [];
  }
  return readdirSync(directory)
    .sort()
    .map((file) => path.join(directory, file))
    .filter((file) => statSync(file).isFile() && (statSync(file).mode & 0o111) !== 0)
    .map((file) => ({ name: path.relative(ROOT, file), command: [file], limit: DEFAULT_LIMIT }));
}
