// SPDX-License-Identifier: GPL-2.0-or-later
//
// `lkl-config lint` as it is called.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { temporaryDirectory } from '../support/hijack.ts';

const top = path.join(temporaryDirectory(), 'project');
mkdirSync(path.join(top, 'deep'), { recursive: true });

interface Options {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs it. */
  readonly by?: readonly string[];
}

function lint(args: readonly string[], { input = '', env = {}, by = [] }: Options = {}) {
  const [program = '', ...rest] = [...by, path.join(ROOT, 'bin', 'lkl-config'), 'lint', ...args];
  const { status, stdout, stderr } = spawnSync(program, rest, {
    cwd: top,
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
  });
  return { status, stdout, stderr };
}

function write(name: string, text: string | Buffer): string {
  writeFileSync(path.join(top, name), text);
  return name;
}

const WARNING = '{ "boot_cmdline": "ip=dhcp", "interfaces": [] }\n';

define('lkl-config lint', (test) => {
  test('searches the directory that it is in', () => {
    write('lkl-hijack.json', '{}');
    write('deep/lkl-hijack-2.json5', "{ debug: 'x' }");
    const { status, stdout } = lint([]);
    assert.equal(status, 1);
    assert.match(stdout, /^deep\/lkl-hijack-2\.json5:1:10: error: debug: .*\n$/);
    assert.equal(lint(['**/*.json']).status, 0);
    assert.equal(lint(['.']).status, 1);
  });

  test('ends with 2 if something cannot be read, and checks the rest', () => {
    write('bad.json', '{ "debug": "x" }');
    const { status, stdout, stderr } = lint(['missing.json', 'deep/*.xml', 'bad.json']);
    assert.equal(status, 2);
    assert.match(stdout, /^bad\.json:1:12: error/);
    assert.match(stderr, /missing\.json: there is no such file\n.*deep\/\*\.xml: there is no configuration file\n/);
    mkdirSync(path.join(top, 'empty'), { recursive: true });
    assert.equal(lint(['empty']).status, 2);
  });

  test('a directory that may not be read is told of, and the rest is checked', () => {
    for (const directory of ['mixed/none', 'mixed/some']) {
      mkdirSync(path.join(top, directory), { recursive: true });
    }
    write('mixed/some/lkl-hijack.json', '{ "debug": "x" }');
    chmodSync(path.join(top, 'mixed/none'), 0);
    const by = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    assert.match(lint(['mixed/none/inner'], { by }).stderr, /^lkl-config: mixed\/none\/inner: EACCES/);
    const { status, stdout, stderr } = lint(['mixed'], { by });
    assert.equal(status, 2);
    assert.match(stdout, /^mixed\/some\/lkl-hijack\.json:1:12: error/);
    assert.match(stderr, /^lkl-config: mixed\/none: EACCES: permission denied/);
    chmodSync(path.join(top, 'mixed/none'), 0o700);
  });

  test('warnings are no failure, unless there are too many', () => {
    const file = write('warning.json', WARNING);
    assert.equal(lint([file]).status, 0);
    assert.match(lint([file]).stdout, /^warning\.json:1:19: warning: .* \[dhcp-without-interface\]\n$/);
    assert.equal(lint([file]).stderr, '1 warning\n');
    assert.equal(lint(['--max-warnings', '1', file]).status, 0);
    const many = lint(['--max-warnings', '0', file]);
    assert.equal(many.status, 1);
    assert.match(many.stderr, /more than 0 warnings/);
    assert.equal(lint(['--max-warnings', 'x', file]).status, 2);
    assert.equal(lint(['--quiet', file]).stdout, '');
  });

  test('severities of the command line are before those of package.json', () => {
    const file = write('warning.json', WARNING);
    assert.equal(lint(['--rule', 'dhcp-without-interface=error', file]).status, 1);
    assert.equal(lint(['--rule', 'dhcp-without-interface=off', file]).stdout, '');
    const unknown = lint(['--rule', 'dhcp-without-interfaces=off', file]);
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /^lkl-config: --rule: there is no rule .* did you mean "dhcp-without-interface"\?\n$/);
    const rules = { 'dhcp-without-interface': 'error', 'unknown-key': 'off' };
    write('package.json', JSON.stringify({ 'lkl-hijack': { lint: { rules, maxWarnings: 0 } } }));
    assert.equal(lint([file]).status, 1);
    assert.equal(lint(['--rule', 'dhcp-without-interface=warn', file]).status, 1);
    assert.equal(lint(['--rule', 'dhcp-without-interface=warn', '--max-warnings=5', file]).status, 0);
    write('package.json', '{}');
  });

  test('--fix repairs what the old documentation got wrong, and keeps the rest', () => {
    const before = `{
\t"gateway6" : "2001:db8:0:f101::1",
\t"interfaces":[{
\t\t"type":"tap",   "param":"tap7",
\t\t"ipv6":"2001:db8:0:f101::2",
\t\t"masklen":"64"
\t\t"mac":"12:34:56:78:9a:bc",
\t}]
}
`;
    const file = write('slip.json', before);
    assert.equal(lint([file]).status, 1);
    const { status, stdout, stderr } = lint(['--fix', file]);
    assert.deepEqual([status, stdout, stderr], [0, '', '3 fixed\n']);
    const after = before
      .replace('"masklen":"64"', '"masklen6":"64",')
      .replace('"mac":"12:34:56:78:9a:bc",', '"mac":"12:34:56:78:9a:bc"');
    assert.equal(readFileSync(path.join(top, file), 'utf8'), after);
  });

  test('--fix keeps comments, and leaves what only the user can know', () => {
    const file = write('fix.json5', "{ // why\n  debug: 1, 'gatewy': 'x',\n}\n");
    const { status, stderr } = lint(['--fix', file]);
    assert.deepEqual([status, stderr], [1, '1 error, 2 fixed\n']);
    assert.equal(readFileSync(path.join(top, file), 'utf8'), '{ // why\n  debug: "1", "gateway": \'x\',\n}\n');
    assert.equal(lint(['--fix', '-'], { input: '{}' }).status, 2);
  });

  test('standard input has the name that it is given', () => {
    assert.equal(lint(['-'], { input: '{ debug: 0x1 }' }).status, 1);
    const { status, stdout } = lint(['-', '--stdin-filename', 'x/y.json5'], { input: '{ debug: 0x1, a: 1 }' });
    assert.equal(status, 1);
    assert.match(stdout, /^x\/y\.json5:1:10: info: .*\nx\/y\.json5:1:15: error: a: /);
  });

  test('the format fits where it runs', () => {
    const file = write('bad.json', '{ "debug": "x" }');
    assert.match(lint([file], { env: { GITHUB_ACTIONS: 'true' } }).stdout, /^::error file=bad\.json,/);
    assert.match(lint(['--format', 'unix', file], { env: { GITHUB_ACTIONS: 'true' } }).stdout, /^bad\.json:1:/);
    assert.ok(lint(['-f', 'pretty', file], { env: { FORCE_COLOR: '1' } }).stdout.startsWith('\u001b[1;31merror'));
    assert.match(lint(['-f', 'pretty', file]).stdout, /^error\[value-format\]/);
    assert.equal(lint(['-f', 'sarif', '-o', 'out.sarif', file]).stdout, '');
    assert.equal(JSON.parse(readFileSync(path.join(top, 'out.sarif'), 'utf8')).version, '2.1.0');
    const terminal = spawnSync('script', ['-qec', `${path.join(ROOT, 'bin', 'lkl-config')} bad.json`, '/dev/null'], {
      cwd: top,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, TERM: 'xterm', NO_COLOR: '1' },
    });
    assert.match(terminal.stdout, /^error\[value-format\]/);
  });

  test('what is not UTF-8 is found', () => {
    const file = write('latin.json', Buffer.from('{ "debug":\n "\xe4" }', 'latin1'));
    assert.match(lint([file]).stdout, /^latin\.json:2:3: error: not UTF-8; save the file as UTF-8 \[syntax\]\n$/);
  });

  test('what cannot be written is 2', () => {
    const { status, stderr } = lint(['-o', '/proc/nonexistent/x', '-'], { input: '{}' });
    assert.equal(status, 2);
    assert.match(stderr, /\/proc\/nonexistent\/x/);
  });
});
