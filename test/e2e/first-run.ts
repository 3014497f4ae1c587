// SPDX-License-Identifier: GPL-2.0-or-later
/** The main job with no configuration at all, and the ways in which it is refused. */
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { hijack, LIBRARY, writeConfiguration } from '../support/hijack.ts';
import { makeHost, noHosts } from '../support/namespace.ts';

/** What a program prints that must not run. */
const MAIN = ['echo', 'main has run'];

/** Runs without the launcher, so that it is the library that reads the configuration. */
function preloaded(args: readonly string[], file: string | undefined, prefix: readonly string[] = []) {
  const [program = '', ...rest] = [...prefix, 'env', `LD_PRELOAD=${LIBRARY}`, ...args];
  const env: Record<string, string> = file === undefined ? {} : { LKL_HIJACK_CONFIG_FILE: file };
  return execa(program, rest, { reject: false, env, cwd: '/' });
}

function tap(extra: Record<string, string>): unknown {
  return { interfaces: [{ type: 'tap', param: 'tap0', ...extra }] };
}

define('first run', (test) => {
  test('ip addr show has the lo of LKL and nothing else', async () => {
    const { stdout, stderr, exitCode } = await hijack(['ip', '-o', 'addr', 'show']);
    assert.is(stderr, '');
    assert.is(exitCode, 0);
    const lines = stdout.trim().split('\n');
    assert.equal(
      lines.map((line) => line.split(/\s+/).slice(0, 4).join(' ')),
      ['1: lo inet 127.0.0.1/8', '1: lo inet6 ::1/128'],
    );
    const links = await hijack(['ip', '-o', 'link', 'show']);
    assert.is(links.stdout.trim().split('\n').length, 1, links.stdout);
  });

  test('without the launcher, too', async () => {
    const { stdout, exitCode } = await preloaded(['ip', '-o', 'link', 'show'], undefined);
    assert.is(exitCode, 0);
    assert.match(stdout, /^1: lo: [^\n]*$/);
  });

  const bad: [string, unknown, RegExp][] = [
    ['malformed JSON', '{ "debug": ', /config-\d+\.json:1:\d+: .*JSON/],
    ['an unknown key', { gatewya: '10.0.0.1' }, /gatewya.*did you mean "gateway"/s],
    ['a bad address', tap({ ip: '10.0.0.256', masklen: '24' }), /interfaces\[0\]\.ip: "10\.0\.0\.256".*IPv4/s],
    ['an address without its length', tap({ ip: '10.0.0.2' }), /masklen/],
  ];
  for (const [name, config, message] of bad) {
    test(`${name} is refused before main()`, async () => {
      const { stdout, stderr, exitCode } = await preloaded(MAIN, writeConfiguration(config));
      assert.is(exitCode, 125, stderr);
      assert.is(stdout, '');
      assert.match(stderr, message);
      assert.is(stderr.trim().split('\n').length, 1, stderr);
    });
  }

  test('a file that is not there is refused', async () => {
    const { stdout, stderr, exitCode } = await preloaded(MAIN, '/no/such/file.json');
    assert.is(exitCode, 125);
    assert.is(stdout, '');
    assert.match(stderr, '/no/such/file.json');
  });

  const reason = noHosts();
  test('a tap that is not there, and one that may not be used, are refused', async () => {
    assert.is(reason, undefined);
    const host = makeHost({ tap: 'tap0' });
    const missing = await preloaded(
      MAIN,
      writeConfiguration({ interfaces: [{ type: 'tap', param: 'tap9' }] }),
      host.prefix,
    );
    assert.is(missing.exitCode, 125, missing.stderr);
    assert.is(missing.stdout, '');
    assert.match(missing.stderr, /tap9.*ip tuntap add/);
    // One without an owner is everybody's where /dev/net/tun is.
    host.ip('tuntap', 'add', 'dev', 'tap1', 'mode', 'tap', 'user', 'root');
    const config = writeConfiguration({ interfaces: [{ type: 'tap', param: 'tap1' }] });
    await execa('chmod', ['-R', 'a+rX', config.slice(0, config.lastIndexOf('/'))]);
    const denied = await preloaded(MAIN, config, [
      ...host.prefix,
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
    ]);
    assert.is(denied.exitCode, 125, denied.stderr);
    assert.is(denied.stdout, '');
    assert.match(denied.stderr, /tap1/);
    host.remove();
  });

  test('only the names of libc/names.def and lkl_* are exported', async () => {
    const { stdout } = await execa('nm', ['-D', '--defined-only', '--format=posix', LIBRARY]);
    const names = stdout.split('\n').map((line) => (line.split(' ')[0] ?? '').replace(/@.*/, ''));
    const { stdout: rows } = await execa('sed', [
      '-nE',
      's/^(NAME|OWN|ALIAS|LIBURING)\\((\\w+).*$/\\2/p',
      'hijack/libc/names.def',
    ]);
    const wanted = new Set(rows.split('\n'));
    assert.equal(
      names.filter((name) => name !== '' && !name.startsWith('lkl_') && !wanted.delete(name)),
      [],
    );
    assert.equal([...wanted], []);
  });

  test('gdb walks from a call inside LKL to main()', async () => {
    const { stdout } = await execa('gdb', [
      '-q',
      '-batch',
      '-ex',
      `set exec-wrapper env LD_PRELOAD=${LIBRARY}`,
      '-ex',
      'set breakpoint pending on',
      '-ex',
      'break __sys_socket',
      '-ex',
      'run',
      '-ex',
      'bt',
      '-ex',
      'kill',
      '--args',
      '/bin/ip',
      'link',
    ]);
    assert.match(stdout, /__sys_socket[\s\S]*lkl_run_calls[\s\S]*lkl_kernel_syscall[\s\S]*boot_once/, stdout);
  });
});
