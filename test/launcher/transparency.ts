// SPDX-License-Identifier: GPL-2.0-or-later
//
// A program that lkl-hijack starts finds what it would find without: process ID, limits, descriptors, signals,
// arguments, environment, exit status. A small library stands for liblkl-hijack.so, so that this is about the launcher.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { define } from '../support/define.ts';
import { compileProof } from '../support/elf.ts';
import { LAUNCHER } from '../support/hijack.ts';
import { waitFor } from '../support/wait.ts';

const library = compileProof();
const env = { ...process.env, LKL_HIJACK_LIBRARY: library };

/** Runs shell code in which "$@" starts the program it is given: with the launcher, and without. */
function both(code: string, extra: Record<string, string> = {}) {
  const run = (prefix: string[]) => {
    const { stdout, status } = spawnSync('/bin/sh', ['-c', code, 'sh', ...prefix], {
      env: { ...env, ...extra },
      encoding: 'latin1',
      cwd: '/',
    });
    return { stdout, status };
  };
  return { hijacked: run([LAUNCHER]), direct: run(['env']) };
}

function same(code: string, extra: Record<string, string> = {}): string {
  const { hijacked, direct } = both(code, extra);
  assert.deepEqual(hijacked, direct);
  return direct.stdout;
}

define('a hijacked program is as if started directly', (test) => {
  test('the library is in it', () => {
    const { stderr, status } = spawnSync(LAUNCHER, ['true'], { env, encoding: 'utf8', cwd: '/' });
    assert.equal(stderr, 'hijacked\n');
    assert.equal(status, 0);
  });

  test('process and parent', () => {
    assert.match(same(`"$@" sh -c 'test $$ = '$$' || test $PPID = '$$' && echo same'`), /same/);
    const child = spawnSync('/bin/sh', ['-c', 'echo $$; exec "$@" sh -c \'echo $$\'', 'sh', LAUNCHER], {
      env,
      encoding: 'utf8',
    });
    const [before, after] = child.stdout.trim().split('\n');
    assert.equal(before, after);
  });

  test('limits', () => {
    assert.match(same('ulimit -S -n 100; ulimit -c 0; "$@" sh -c "ulimit -S -a; ulimit -H -a"'), /100/);
  });

  test('descriptors', () => {
    const list = 'for fd in /proc/self/fd/*; do readlink $fd; done | grep -E "^/(dev|etc)"';
    const open = `bash -c 'exec 3</dev/null 7</dev/zero 251</etc/passwd; "$@" sh -c "${list.replaceAll(/[$"]/g, '\\$&')}"' bash "$@"`;
    assert.match(same(open), /^\/etc\/passwd\n\/dev\/null\n\/dev\/zero\n$/);
  });

  test('non-blocking mode of the standard descriptors', () => {
    assert.match(same(`"$@" sh -c 'grep flags /proc/self/fdinfo/[012]'`), /flags/);
    assert.match(same(`("$@" nosuchprogram || grep flags /proc/self/fdinfo/2) 2>&1 | grep flags`), /flags/);
  });

  test('ignored and blocked signals', () => {
    assert.match(same(`trap '' HUP USR1; "$@" grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status`), /SigIgn/);
  });

  test('arguments of any bytes', () => {
    const list = `"$@" printf '<%s>' "" "a b" "it's" '$x \`y\`' "$(printf '\\377\\303(')" '--' '-c' '*'`;
    assert.match(same(list), /<it's>/);
  });

  test('the environment, but for what hijacks it', () => {
    const extra = {
      NODE_OPTIONS: '--no-such-option',
      plan: 'a\nb',
      'odd.name': 'x=y',
      'BASH_FUNC_f%%': '() { :; }',
      EMPTY: '',
    };
    const { hijacked, direct } = both('"$@" env -0', extra);
    const entries = (text: string): string[] =>
      text
        .split('\0')
        .filter((entry) => !/^(LD_PRELOAD|_|PWD|OLDPWD|SHLVL)=/.test(entry))
        .sort();
    assert.deepEqual(entries(hijacked.stdout), entries(direct.stdout));
    assert.ok(hijacked.stdout.includes('NODE_OPTIONS=--no-such-option\0'));
    assert.equal(hijacked.status, 0);
  });

  test('names that the shell would lose, when the launcher is started by something else than a shell', () => {
    const odd = { ...env, 'odd.name': 'x=y', 'BASH_FUNC_f%%': '() { :; }' };
    const { stdout } = spawnSync(LAUNCHER, ['env', '-0'], { env: odd, encoding: 'utf8', cwd: '/' });
    assert.ok(stdout.split('\0').includes('odd.name=x=y'));
    assert.ok(stdout.split('\0').includes('BASH_FUNC_f%%=() { :; }'));
  });

  test('standard input', () => {
    assert.equal(same('printf "one\\ntwo\\n" | "$@" cat'), 'one\ntwo\n');
  });

  test('exit status, and death by a signal', () => {
    same('"$@" sh -c "exit 3"');
    same(`"$@" sh -c 'kill -SEGV $$' 2>/dev/null; echo $?`);
  });

  test('signals reach the program', async () => {
    const child = spawn(
      LAUNCHER,
      ['sh', '-c', "trap 'echo usr1; exit 5' USR1; echo ready; while :; do sleep 0.01; done"],
      {
        env,
        cwd: '/',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    await waitFor('the program to start', () => output.includes('ready'));
    child.kill('SIGUSR1');
    const [code] = await once(child, 'close');
    assert.equal(output, 'ready\nusr1\n');
    assert.equal(code, 5);
  });
});
