// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the documentation shows is so: every transcript is run, on a host with the tap device that it speaks of, and
// every configuration is checked.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lintText } from '../../src/config/lint.ts';
import { define, skip } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { type Host, makeHost, noHosts } from '../support/namespace.ts';
import { findSnippets, findSteps, isLike, type Snippet } from '../support/snippets.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

/** Pages whose snippets another test runs, or makes. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'docs/api.md': 'test/linux/reference.ts',
  'docs/install.md': 'test/packaging/installed.ts',
  'docs/rules.md': 'test/config/rules.ts',
  'examples/library/README.md': 'test/packaging/installed.ts',
  'examples/tap/README.md': 'test/e2e/tap.ts',
};

const LANGUAGES = ['json', 'jsonc', 'json5', 'console', 'sh', 'ini', 'js'];

/** What is for a fresh checkout this test itself has come through; here only that there are such scripts. */
function checkCommands({ text, line }: Snippet): void {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  for (const command of text.trim().split('\n')) {
    const name = /^npm (?:run )?([a-z]+)/.exec(command)?.[1];
    assert.ok(name !== undefined && Object.hasOwn(scripts, name), `line ${line}: ${command}`);
  }
}

function pages(): string[] {
  const docs = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  const examples = readdirSync(path.join(ROOT, 'examples')).map((name) => `examples/${name}/README.md`);
  return [
    'README.md',
    ...docs.map((name) => `docs/${name}`),
    ...examples.filter((page) => existsSync(path.join(ROOT, page))),
  ];
}

/** What lies beside a page of an example is there when its commands run. */
function copyExample(from: string, to: string): void {
  if (path.dirname(from) === path.join(ROOT, 'examples')) {
    cpSync(from, to, { recursive: true });
  }
}

/** Runs the commands of a page one after the other, as in one terminal. */
function runPage(snippets: readonly Snippet[], directory: string, host: Host): void {
  let status = 0;
  for (const snippet of snippets) {
    if (snippet.language !== 'console') {
      if (snippet.name !== '') {
        writeFileSync(path.join(directory, snippet.name), snippet.text);
      }
      continue;
    }
    for (const { command, output } of findSteps(snippet.text)) {
      const [program = '', ...args] = [...host.prefix, 'bash', '-c', `(exit ${status}); ${command}`];
      const ended = spawnSync(program, [...args], {
        cwd: directory,
        encoding: 'utf8',
        // Both streams in one, as in a terminal.
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: `${path.join(ROOT, 'bin')}:${process.env.PATH}`, HOME: directory, LANG: 'C.UTF-8' },
      });
      status = ended.status ?? 128;
      const printed = ended.stdout + ended.stderr;
      assert.ok(isLike(printed, output), `line ${snippet.line}: ${command}\nprints:\n${printed}\nand not:\n${output}`);
    }
  }
}

define('the documentation', (test) => {
  for (const page of pages()) {
    const snippets = findSnippets(readFileSync(path.join(ROOT, page), 'utf8'));
    if (snippets.length === 0) {
      continue;
    }
    test(`${page} is true`, () => {
      const elsewhere = ELSEWHERE[page];
      if (elsewhere !== undefined) {
        assert.ok(existsSync(path.join(ROOT, elsewhere)));
        return;
      }
      for (const { language, name, text, line } of snippets) {
        assert.ok(LANGUAGES.includes(language), `line ${line}: nobody runs what is marked ${language || 'as nothing'}`);
        if (language === 'sh') {
          checkCommands({ language, name, text, line });
        } else if (language.startsWith('json') && name !== 'settings.json') {
          const errors = lintText(text, name, { rules: new Map() }).filter(({ severity }) => severity === 'error');
          assert.deepEqual(errors, [], `line ${line}`);
        }
      }
      const directory = path.join(temporaryDirectory(), page.replaceAll('/', '-'));
      // As after npm install lkl-hijack.
      mkdirSync(path.join(directory, 'node_modules'), { recursive: true });
      symlinkSync(ROOT, path.join(directory, 'node_modules', 'lkl-hijack'));
      copyExample(path.join(ROOT, path.dirname(page)), directory);
      const host = makeHost({ tap: 'tap0', addresses: ['192.168.13.1/24', 'fd13::1/64'] });
      try {
        runPage(snippets, directory, host);
      } finally {
        host.remove();
      }
    });
  }
});
