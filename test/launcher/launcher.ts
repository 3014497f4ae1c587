// SPDX-License-Identifier: GPL-2.0-or-later
//
// bin/lkl-hijack as a whole, with a small library in place of liblkl-hijack.so.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { compile, compileProof, MAIN } from '../support/elf.ts';
import { LAUNCHER, LIBRARY, temporaryDirectory, writeConfiguration } from '../support/hijack.ts';
import { install } from '../support/installation.ts';

const library = compileProof();

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly launcher?: string;
}

function launch(args: readonly string[], { env = {}, cwd = '/', launcher = LAUNCHER }: Given = {}) {
  const { status, stdout, stderr } = spawnSync(launcher, args, {
    env: { PATH: process.env.PATH, LKL_HIJACK_LIBRARY: library, ...env },
    encoding: 'utf8',
    cwd,
  });
  return { status, stdout, stderr };
}

/** The status, one message with a remedy, and above all: the program did not run. */
function refuses(args: readonly string[], status: number, message: RegExp, given: Given = {}): void {
  const result = launch(args, given);
  assert.equal(result.status, status, result.stderr);
  assert.match(result.stderr, message);
  assert.match(result.stderr, /^lkl-hijack: /);
  assert.equal(result.stdout, '');
  assert.doesNotMatch(result.stderr, /^hijacked/m);
}

define('lkl-hijack', (test) => {
  test('tells its own failures by 125, 126 and 127', () => {
    refuses([], 125, /no program.*\n {2}remedy: /);
    refuses(['--nonsense', 'echo', 'x'], 125, /--nonsense.*\n {2}remedy: /);
    refuses(['/'], 126, /directory.*\n {2}remedy: /);
    refuses(['nosuchprogram'], 127, /nosuchprogram.*\n {2}remedy: /);
    refuses([compile(MAIN, '-static')], 125, /statically linked.*\n {2}remedy: /);
  });

  test('refuses a library that ld.so would ignore', () => {
    refuses(['echo', 'x'], 125, /cannot be read/, { env: { LKL_HIJACK_LIBRARY: '/no/such.so' } });
    refuses(['echo', 'x'], 125, /not a shared library/, { env: { LKL_HIJACK_LIBRARY: '/etc/passwd' } });
    refuses(['echo', 'x'], 125, /not liblkl-hijack\.so/, { env: { LKL_HIJACK_LIBRARY: compileProof('liblkl.so.0') } });
    refuses(['echo', 'x'], 125, /not liblkl-hijack\.so/, { env: { LKL_HIJACK_LIBRARY: '/bin/ls' } });
    const short = path.join(temporaryDirectory(), 'short.so');
    const bytes = readFileSync(LIBRARY);
    writeFileSync(short, bytes.subarray(0, Math.floor(bytes.length / 2)));
    refuses(['echo', 'x'], 125, /part of the library is missing/, { env: { LKL_HIJACK_LIBRARY: short } });
  });

  test('finds the library of an installation, which lacks it at first', () => {
    const launcher = install('prefix');
    refuses(['echo', 'x'], 125, /neither .*liblkl-hijack\.so/, { launcher, env: { LKL_HIJACK_LIBRARY: '' } });
    const lib = path.join(path.dirname(launcher), '..', 'lib');
    mkdirSync(lib);
    copyFileSync(library, path.join(lib, 'liblkl-hijack.so'));
    writeFileSync(path.join(lib, 'kernel-version'), '6.12.34\n');
    const env = { LKL_HIJACK_LIBRARY: '' };
    assert.equal(launch(['true'], { launcher, env }).stderr, 'hijacked\n');
    assert.match(launch(['--version'], { launcher, env }).stdout, /^lkl-hijack \d+\.\d+\.\d+ \(Linux 6\.12\.34\)\n$/);
  });

  test('works through symbolic links, and refuses a place with a space', () => {
    const link = path.join(temporaryDirectory(), 'link');
    symlinkSync(LAUNCHER, link);
    const second = path.join(temporaryDirectory(), 'second');
    symlinkSync('link', second);
    assert.equal(launch(['echo', 'x'], { launcher: second }).stdout, 'x\n');
    const spaced = install('a place');
    const lib = path.join(path.dirname(spaced), '..', 'lib');
    mkdirSync(lib);
    copyFileSync(library, path.join(lib, 'liblkl-hijack.so'));
    refuses(['echo', 'x'], 125, /space/, { launcher: spaced, env: { LKL_HIJACK_LIBRARY: '' } });
  });

  test('says so when there is no Node.js', () => {
    const bin = path.join(temporaryDirectory(), 'only-sh');
    mkdirSync(bin);
    symlinkSync('/bin/sh', path.join(bin, 'sh'));
    symlinkSync('/bin/readlink', path.join(bin, 'readlink'));
    refuses(['echo', 'x'], 127, /no node in PATH/, { env: { PATH: bin } });
  });

  test('says so when there are too few descriptors for Node.js', () => {
    for (const limit of [12, 19]) {
      const few = `ulimit -n ${limit}; exec "$0" --no-config /bin/echo ran`;
      const message = `lkl-hijack: RLIMIT_NOFILE: Node.js needs 20 descriptors, the limit is ${limit}: raise it (ulimit -n)\n`;
      assert.deepEqual(launch(['-c', few, LAUNCHER], { launcher: '/bin/sh' }), {
        status: 125,
        stdout: '',
        stderr: message,
      });
    }
    // Where coverage is measured the launcher is not one file but many, opened together.
    const enough = `ulimit -n ${process.env['NODE_V8_COVERAGE'] === undefined ? 20 : 128}; exec "$0" --no-config /bin/echo ran`;
    assert.equal(launch(['-c', enough, LAUNCHER], { launcher: '/bin/sh' }).status, 0);
  });

  test('fails closed when the planner does not get to its end', () => {
    const launcher = install('broken');
    writeFileSync(path.join(path.dirname(launcher), '..', 'dist', 'launch.cjs'), 'process.stdout.write("shift 0\\n");');
    const cut = launch(['echo', 'x'], { launcher });
    assert.deepEqual([cut.status, cut.stdout], [125, '']);
    writeFileSync(path.join(path.dirname(launcher), '..', 'dist', 'launch.cjs'), 'throw new Error("no");');
    const thrown = launch(['echo', 'x'], { launcher });
    assert.deepEqual([thrown.status, thrown.stdout], [125, '']);
  });

  test('keeps other libraries to be loaded, and does not hijack Node when nested', () => {
    const other = compile(
      '#include <unistd.h>\n__attribute__((constructor)) static void here(void) { (void)!write(2, "other\\n", 6); }',
      '-shared',
      '-fPIC',
    );
    const { stderr } = launch(['true'], { env: { LD_PRELOAD: other } });
    assert.equal(stderr.match(/other/g)?.length, 2); // the shell and the program, but not Node
    assert.equal(stderr.match(/hijacked/g)?.length, 1);
    const nested = launch([LAUNCHER, 'sh', '-c', 'echo $LD_PRELOAD']);
    assert.equal(nested.stdout, `${library}\n`);
  });

  test('hands on the configuration by its absolute path', () => {
    const show = ['sh', '-c', 'echo "${LKL_HIJACK_CONFIG_FILE-none}"'];
    const file = writeConfiguration({ debug: '0' });
    const cwd = path.dirname(file);
    assert.equal(launch(show).stdout, 'none\n');
    assert.equal(launch(['-c', path.basename(file), ...show], { cwd }).stdout, `${file}\n`);
    const env = { LKL_HIJACK_CONFIG_FILE: path.basename(file) };
    assert.equal(launch(show, { cwd, env }).stdout, `${file}\n`);
    const directory = path.join(cwd, 'with-default');
    mkdirSync(directory);
    writeFileSync(path.join(directory, 'lkl-hijack.json'), '{}');
    assert.equal(launch(show, { cwd: directory }).stdout, `${directory}/lkl-hijack.json\n`);
    assert.equal(launch(['-c', file, ...show], { cwd: directory, env }).stdout, `${file}\n`);
    assert.match(launch(['--no-config', ...show], { cwd: directory, env }).stdout, /\/nothing\.json\n$/);
  });

  test('refuses a configuration that is missing or wrong, with one line for each thing', () => {
    refuses(['-c', '/no/such.json', 'echo', 'x'], 125, /\/no\/such\.json.*\n {2}remedy: .*--config/);
    refuses(['echo', 'x'], 125, /LKL_HIJACK_CONFIG_FILE/, { env: { LKL_HIJACK_CONFIG_FILE: 'nosuch.json' } });
    refuses(['-c', '/dev/null', 'echo', 'x'], 125, /regular file/);
    const file = writeConfiguration(
      '{\n  "gatewy": "1.2.3.4",\n  "interfaces": [{ "type": "tap", "param": "t", "ip": "x" }]\n}\n',
    );
    refuses(['-c', file, 'echo', 'x'], 125, new RegExp(`${file}:2:3: gatewy: .*"gateway"\\?\n`));
    const { stderr } = launch(['-c', file, 'echo', 'x']);
    assert.equal(stderr.trim().split('\n').length, 3, stderr);
    assert.match(stderr, /:3:\d+: interfaces\[0\]\.ip: "x" is not an IPv4 address/);
    refuses(['echo', 'x'], 125, /environment: LKL_HIJACK_NET_MTU: "1" is not/, {
      env: { LKL_HIJACK_NET_MTU: '1', LKL_HIJACK_NET_TAP: 'tap0' },
    });
  });

  test('refuses bytes that are no text, in place of others', () => {
    const file = path.join(temporaryDirectory(), 'bytes.json');
    writeFileSync(file, Buffer.from('{"interfaces":[{"type":"vde","param":"/run/\xff"}]}', 'latin1'));
    refuses(['-c', file, 'echo', 'x'], 125, /bytes\.json: .*not UTF-8\n {2}remedy: /);
    refuses(['-c', file, '--set', 'debug=0', 'echo', 'x'], 125, /bytes\.json: .*not UTF-8\n {2}remedy: /);
  });

  test('hands on what was put together as a text, to children as well', () => {
    const show = ['sh', '-c', 'exec sh -c \'echo "$LKL_HIJACK_CONFIG_FILE"\''];
    const file = path.join(temporaryDirectory(), 'one.json5');
    writeFileSync(file, '// a comment\n{ $schema: "x", debug: 0x0, boot_cmdline: "${CMDLINE:-mem=64M}", }\n');
    const handed = (args: readonly string[], given?: Given): unknown =>
      JSON.parse(launch([...args, ...show], given).stdout);
    assert.deepEqual(handed(['-c', file]), { debug: 0, boot_cmdline: 'mem=64M' });
    assert.deepEqual(handed(['-c', file], { env: { CMDLINE: "it's 1" } }), { debug: 0, boot_cmdline: "it's 1" });
    const tap = { type: 'tap', param: 'tap0' };
    const two = writeConfiguration({ boot_cmdline: 'mem=1G', interfaces: [tap] });
    assert.deepEqual(handed(['-c', file, '-c', two, '--set', 'interfaces.0.mtu=9000', '--set', 'boot_cmdline=null']), {
      debug: 0,
      interfaces: [{ ...tap, mtu: '9000' }],
    });
    assert.deepEqual(handed(['--set', 'interfaces.0.mtu=9000'], { env: { LKL_HIJACK_NET_TAP: 'tap0' } }), {
      interfaces: [{ ...tap, mtu: '9000' }],
    });
    // A launcher below this one checks the text, and hands it on as it is.
    assert.deepEqual(handed(['-c', file, LAUNCHER], { env: { CMDLINE: '$${x}' } }), {
      debug: 0,
      boot_cmdline: '$${x}',
    });
    // Messages call it what the user does, below a second launcher, too.
    const name = ['sh', '-c', 'echo "${LKL_HIJACK_CONFIG_NAME-none}"'];
    const named = (...args: string[]): string => launch([...args, ...name]).stdout;
    assert.equal(named('-c', two), 'none\n');
    assert.equal(named('--net', 'loop'), '--net loop\n');
    assert.equal(named('-c', file, LAUNCHER), `${file}\n`);
    assert.equal(named('-c', file, '-c', two, '--set', 'debug=1'), `${file}, ${two}, --set\n`);
    assert.equal(named('-c', file, LAUNCHER, '--set', 'debug=1'), `${file}, --set\n`);
    // What can be read once only: the pipe of a process substitution.
    const piped = spawnSync('bash', ['-c', `"$0" -c <(echo '{debug: 0}') "$@"`, LAUNCHER, ...show], {
      env: { PATH: process.env.PATH, LKL_HIJACK_LIBRARY: library },
      encoding: 'utf8',
    });
    assert.equal(piped.stdout, '{"debug":0}\n', piped.stderr);
  });

  test('reads lkl-hijack.json5 of the current directory, if there is no lkl-hijack.json', () => {
    const cwd = path.join(temporaryDirectory(), 'json5');
    const show = ['sh', '-c', 'echo "$LKL_HIJACK_CONFIG_FILE"'];
    mkdirSync(cwd);
    writeFileSync(path.join(cwd, 'lkl-hijack.json5'), '{debug: 0}');
    assert.equal(launch(show, { cwd }).stdout, '{"debug":0}\n');
    writeFileSync(path.join(cwd, 'lkl-hijack.json'), '{}');
    assert.equal(launch(show, { cwd }).stdout, `${cwd}/lkl-hijack.json\n`);
  });

  test('tells in which part of the configuration something is wrong', () => {
    const one = writeConfiguration({ interfaces: [{ type: 'tap', param: '${NO_TAP}' }] });
    const two = writeConfiguration('{\n  "interfaces": [{ "type": "tap", "param": "tap0", "ip": "x" }] }');
    refuses(
      ['-c', one, 'true'],
      125,
      new RegExp(`${one}:1:\\d+: interfaces\\[0\\].param: the variable NO_TAP is not set`),
    );
    refuses(
      ['-c', writeConfiguration({}), '-c', two, 'true'],
      125,
      new RegExp(`${two}:2:58: interfaces\\[0\\].ip: "x" is`),
    );
    refuses(['-c', two, '--set', 'interfaces.0.ip=y', 'true'], 125, /: --set: interfaces\[0\].ip: "y" is/);
    refuses(['--set', 'debug', 'true'], 125, /--set: "debug" is not an assignment/);
    refuses(['--set', 'interfaces.0.mtu=1', 'true'], 125, /environment: LKL_HIJACK_NET_IP: "z" is/, {
      env: { LKL_HIJACK_NET_TAP: 'tap0', LKL_HIJACK_NET_IP: 'z' },
    });
    const { stderr } = launch(['-c', writeConfiguration({}), '--set', `boot_cmdline=${'x'.repeat(3073)}`, 'true']);
    assert.match(stderr, /^lkl-hijack: --set: boot_cmdline: "x+" is not printable/);
  });

  test('refuses what no environment variable can hold', () => {
    const file = writeConfiguration({ debug: '0'.repeat(140_000) });
    assert.equal(launch(['-c', file, 'echo', 'x']).stdout, 'x\n');
    refuses(['-c', file, '--set', 'gateway=1.2.3.4', 'echo', 'x'], 125, /128 KiB/);
  });

  test('refuses an unreadable file of the default name', () => {
    const directory = path.join(temporaryDirectory(), 'unreadable');
    mkdirSync(path.join(directory, 'lkl-hijack.json'), { recursive: true });
    refuses(['echo', 'x'], 125, /lkl-hijack\.json.*regular file/, { cwd: directory });
  });

  test('warns about variables that the file overrides', () => {
    const file = writeConfiguration({ debug: '0' });
    const { stderr, stdout } = launch(['-c', file, 'echo', 'x'], { env: { LKL_HIJACK_DEBUG: '1' } });
    assert.match(stderr, /warning: .*overrides LKL_HIJACK_DEBUG/);
    assert.equal(stdout, 'x\n');
  });

  test('--dry-run shows a command that does the same', () => {
    const { stdout, status, stderr } = launch(['--dry-run', '--on-error=continue', 'printf', '%s|', "it's", 'a b']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^env LD_PRELOAD=\S+ LKL_HIJACK_ON_ERROR=continue printf /);
    const again = spawnSync('/bin/sh', ['-c', stdout], { encoding: 'utf8' });
    assert.equal(again.stdout, "it's|a b|");
    assert.equal(again.stderr, 'hijacked\n');
  });

  test('--print-env shows the variables, for the shell or as JSON', () => {
    const text = launch(['--print-env']).stdout;
    const { stderr } = spawnSync('/bin/sh', ['-c', `${text}\nexec true`], { encoding: 'utf8' });
    assert.equal(stderr, 'hijacked\n');
    assert.deepEqual(JSON.parse(launch(['--print-env', '--json']).stdout), { LD_PRELOAD: library });
  });

  test('--verbose tells what is used', () => {
    const { stderr } = launch(['-v', 'true']);
    assert.match(stderr, new RegExp(`library ${library}`));
    assert.match(stderr, /configuration none/);
    assert.match(stderr, /program \S*\/true/);
  });

  test('--help is for standard output', () => {
    const { stdout, stderr, status } = launch(['--help']);
    assert.match(stdout, /^Usage: lkl-hijack \[OPTIONS\]/);
    assert.deepEqual([stderr, status], ['', 0]);
  });

  test('a text that cannot be written is a failure', () => {
    const full = openSync('/dev/full', 'w');
    const { status } = spawnSync(LAUNCHER, ['--print-env'], {
      env: { PATH: process.env.PATH, LKL_HIJACK_LIBRARY: library },
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    assert.equal(status, 125);
  });

  test('works as the interpreter of a script', () => {
    const file = path.join(temporaryDirectory(), 'script');
    writeFileSync(file, `#!/usr/bin/env -S ${LAUNCHER} --no-config sh\necho "script $1"\n`);
    chmodSync(file, 0o755);
    const { stdout, stderr } = launch(['argument'], { launcher: file });
    assert.equal(stdout, 'script argument\n');
    assert.equal(stderr, 'hijacked\n');
  });

  test('warns about Go programs', () => {
    const note =
      '.section .note.go.buildid, \\"a\\", @note\\n.balign 4\\n.long 4, 4, 4\\n.ascii \\"Go\\\\0\\\\0abcd\\"\\n';
    const program = compile(`${MAIN}\nasm("${note}.text");`);
    assert.match(launch([program]).stderr, /warning: .*Go program/);
  });
});
