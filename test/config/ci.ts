// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the repository has for the checks of other projects, run as they would run it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { temporaryDirectory } from '../support/hijack.ts';

/** A git repository with these files, all of them committed. */
function repository(name: string, files: Readonly<Record<string, string>>): string {
  const directory = path.join(temporaryDirectory(), name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), text);
  }
  run('git', ['init', '-q', '.'], directory);
  commit(directory);
  return directory;
}

function commit(directory: string): void {
  run('git', ['add', '-A'], directory);
  run('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '-q', '-m', 'files'], directory);
}

function run(program: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
  const home = path.join(temporaryDirectory(), 'home');
  mkdirSync(home, { recursive: true });
  const result = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH: `${path.join(ROOT, 'bin')}:${process.env.PATH}`, HOME: home, ...env },
  });
  assert.equal(result.error, undefined);
  return result;
}

define('the pre-commit hook', (test) => {
  const hooks = path.join(temporaryDirectory(), 'hooks');
  mkdirSync(hooks);
  copyFileSync(path.join(ROOT, '.pre-commit-hooks.yaml'), path.join(hooks, '.pre-commit-hooks.yaml'));
  run('git', ['init', '-q', '.'], hooks);
  commit(hooks);
  const head = run('git', ['rev-parse', 'HEAD'], hooks).stdout.trim();
  const settings = `repos: [{ repo: '${hooks}', rev: ${head}, hooks: [{ id: lkl-config-system }] }]\n`;

  const preCommit = (name: string, files: Readonly<Record<string, string>>) => {
    const directory = repository(name, { '.pre-commit-config.yaml': settings, ...files });
    return run('pre-commit', ['run', '--all-files', '--verbose'], directory);
  };

  test('stops a commit of a wrong configuration', () => {
    const { status, stdout } = preCommit('wrong', { 'a/lkl-hijack.json': '{ "gatewy": "x" }', 'other.json': '{' });
    assert.equal(status, 1, stdout);
    assert.match(stdout, /^a\/lkl-hijack\.json:1:3: error: gatewy: .* \[unknown-key\]$/m);
    assert.doesNotMatch(stdout, /other\.json/);
  });

  test('lets a right one pass', () => {
    const { status, stdout } = preCommit('right', { 'lkl-hijack.json': '{}', 'lkl-hijack-2.json5': '{ /* c */ }' });
    assert.equal(status, 0, stdout);
    assert.match(stdout, /Passed/);
  });

  test('is there for both kinds of installation, with the same files', () => {
    const rows: { id: string; entry: string; files: string; language: string }[] = parse(
      readFileSync(path.join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'),
    );
    assert.deepEqual(
      rows.map(({ id, language }) => [id, language]),
      [
        ['lkl-config', 'node'],
        ['lkl-config-system', 'system'],
      ],
    );
    assert.equal(new Set(rows.map(({ files }) => files)).size, 1);
    const description: { bin: Record<string, string> } = JSON.parse(
      readFileSync(path.join(ROOT, 'package.json'), 'utf8'),
    );
    for (const { entry } of rows) {
      assert.ok(Object.hasOwn(description.bin, entry.split(' ')[0] ?? ''));
    }
  });
});

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly shell: string;
      readonly run: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly 'working-directory'?: string;
    }[];
  };
}

define('the GitHub Action', (test) => {
  const action: Action = parse(readFileSync(path.join(ROOT, 'action.yml'), 'utf8'));

  /** Runs its steps as the runner does: each in a shell that stops at the first failure. */
  const act = (workspace: string, inputs: Readonly<Record<string, string>> = {}) => {
    const defaults = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default]));
    const given: Readonly<Record<string, string>> = { ...defaults, ...inputs };
    const expand = (text: string): string =>
      text
        .replaceAll('${{ github.action_path }}', ROOT)
        .replace(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_all, name: string) => given[name] ?? assert.fail(name));
    let result = { status: 0 as number | null, stdout: '', stderr: '' };
    for (const step of action.runs.steps) {
      assert.equal(step.shell, 'bash');
      const script = path.join(temporaryDirectory(), 'step.sh');
      writeFileSync(script, expand(step.run));
      const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, expand(value)]);
      const cwd = expand(step['working-directory'] ?? workspace);
      const shell = ['--noprofile', '--norc', '-e', '-o', 'pipefail', script];
      result = run('bash', shell, cwd, { GITHUB_ACTIONS: 'true', ...Object.fromEntries(env) });
      if (result.status !== 0) {
        break;
      }
    }
    return result;
  };

  test('is a composite of commands that need nothing of GitHub', () => {
    assert.equal(action.runs.using, 'composite');
    assert.doesNotMatch(JSON.stringify(action.runs), /"uses"/);
  });

  test('shows what is found beside the lines', () => {
    const workspace = repository('checkout', { 'deep/lkl-hijack.json': '{\n "gatewy": "x" }', 'good.json': '{}' });
    const { status, stdout } = act(workspace);
    assert.equal(status, 1);
    assert.match(stdout, /^::error file=deep\/lkl-hijack\.json,line=2,.*title=unknown-key::gatewy: /);
    assert.deepEqual(act(workspace, { files: 'good.json' }).status, 0);
  });

  test('takes several files with blanks, and a number of warnings', () => {
    const warning = '{ "boot_cmdline": "ip=dhcp", "interfaces": [] }';
    const workspace = repository('warnings', { 'a b.json': warning, 'c.json': '{}' });
    assert.equal(act(workspace, { files: 'a b.json\nc.json' }).status, 0);
    assert.equal(act(workspace, { files: 'a b.json\nc.json', 'max-warnings': '0' }).status, 1);
    assert.equal(act(workspace, { files: 'a b.json; true' }).status, 2);
  });
});
