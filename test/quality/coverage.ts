// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 900 s
//
// The tests of src/ run nearly all of its lines. V8 counts, and can only tell what it counted of files that are not
// bundled: the tests run a second time, in a copy of this checkout whose programs are the compiled files themselves.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { temporaryDirectory } from '../support/hijack.ts';

/** Percent of the lines of src/. */
const LEAST = 95;

const COPIED = ['dist', 'src', 'test', 'bin', 'schemas', 'share', 'examples', 'docs'];
const COPIED_FILES = ['package.json', 'action.yml', '.pre-commit-hooks.yaml', 'README.md', 'tsconfig.json'];
const LINKED = ['node_modules', 'build', 'hijack', 'linux', 'scripts'];

/** What stands for each bundle. */
const PROGRAMS = { 'launch.cjs': 'launcher/main.js', 'config.cjs': 'config/main.js' };

function makeCopy(): string {
  const copy = path.join(temporaryDirectory(), 'copy');
  mkdirSync(copy);
  for (const name of [...COPIED, ...COPIED_FILES]) {
    cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  }
  for (const name of LINKED) {
    symlinkSync(path.join(ROOT, name), path.join(copy, name));
  }
  for (const [bundle, main] of Object.entries(PROGRAMS)) {
    // By its whole path: tests install them elsewhere.
    writeFileSync(
      path.join(copy, 'dist', bundle),
      `import(${JSON.stringify(path.join(copy, 'dist', 'src', main))});\n`,
    );
  }
  return copy;
}

/** Lines by file: how many there are and how many ran. */
interface Summary {
  readonly total: { readonly lines: { readonly pct: number; readonly total: number } };
}

define('the tests', (test) => {
  test(
    `run ${LEAST} % of the lines of src/`,
    () => {
      const copy = makeCopy();
      const counts = path.join(temporaryDirectory(), 'counts');
      // Some tests start programs as other users, who are to write here as well.
      mkdirSync(counts);
      chmodSync(temporaryDirectory(), 0o755);
      chmodSync(counts, 0o777);
      const env = { ...process.env, NODE_V8_COVERAGE: counts };
      const names = readdirSync(path.join(copy, 'test', 'launcher')).map((file) => `test/launcher/${file}`);
      // Another user may not be able to read the packages.
      const chosen = [
        'test/config',
        'test/image',
        ...names.filter((name) => !name.endsWith('/capabilities.ts')),
        'e2e/overrides',
      ];
      const tests = spawnSync(process.execPath, ['dist/test/run.js', ...chosen], { cwd: copy, env, encoding: 'utf8' });
      assert.equal(tests.status, 0, tests.stdout);
      const reports = path.join(temporaryDirectory(), 'reports');
      const report = spawnSync(
        path.join(ROOT, 'node_modules', '.bin', 'c8'),
        [
          'report',
          ...['--temp-directory', counts, '--reports-dir', reports],
          ...['--all', '--src', copy, '--exclude-after-remap', '--include', 'src/**/*.ts', '--exclude', '**/*.d.*'],
          ...['--reporter', 'json-summary', '--reporter', 'text'],
        ],
        { cwd: copy, encoding: 'utf8' },
      );
      assert.equal(report.status, 0, report.stderr);
      process.stdout.write(report.stdout);
      const summary: Summary = JSON.parse(readFileSync(path.join(reports, 'coverage-summary.json'), 'utf8'));
      assert.ok(summary.total.lines.total > 5000, 'it was not src/ that was counted');
      assert.ok(summary.total.lines.pct >= LEAST, `${summary.total.lines.pct} %\n${report.stdout}`);
      rmSync(copy, { recursive: true });
    },
    { timeout: 850_000 },
  );
});
