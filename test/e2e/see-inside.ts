// SPDX-License-Identifier: GPL-2.0-or-later
/** What a user is shown of a program's calls, of its packets, and of its crash. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { hijack, LAUNCHER, LIBRARY, temporaryDirectory } from '../support/hijack.ts';
import { noHosts } from '../support/namespace.ts';
import { CONFIG, tapHost } from '../support/tap.ts';

const PYTHON = '/usr/bin/python3';
const directory = temporaryDirectory();

/** A program of a few lines. */
function script(...lines: string[]): string {
  const file = path.join(directory, 'script.py');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const TALK = script(
  'import os, select, signal, socket, time',
  'server = socket.create_server(("127.0.0.1", 7000))',
  'client = socket.create_connection(("127.0.0.1", 7000))',
  'peer = server.accept()[0]',
  'client.sendall(b"hello\\n\\x00\\xff" + 100 * b"x")',
  'assert select.select([peer], [], [], 30)[0]',
  'poll = select.poll()',
  'poll.register(peer, select.POLLIN)',
  'poll.poll()',
  'peer.recv(8)',
  'peer.recvmsg(200)',
  'copy = os.dup(peer.fileno())',
  'os.write(copy, b"back")',
  'open("/proc/net/route").read()',
  'six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)',
  'six.connect(("::1", 7001))',
  'six.send(b"nobody")',
  'try: six.send(b"there")',
  'except ConnectionRefusedError: pass',
  'signal.signal(signal.SIGALRM, lambda *_: socket.socket().close())',
  'signal.setitimer(signal.ITIMER_REAL, 0.1)',
  'peer.settimeout(0.3)',
  'try: peer.recv(0 + 1, socket.MSG_PEEK)',
  'except TimeoutError: pass',
  'print("done")',
);

define('see inside', (test) => {
  test('--trace tells of the calls that went to LKL, with their arguments', async () => {
    const { stdout, stderr } = await hijack(['--trace', PYTHON, TALK]);
    assert.is(stdout, 'done\n');
    const lines = stderr.trim().split('\n');
    for (const line of lines) {
      assert.match(line, /^\[pid \d+\] [a-z0-9_]+\(.*\) = (-1 E[A-Z]+ \(.+\)|\d+)$/);
    }
    for (const wanted of [
      /socket\(AF_INET, SOCK_STREAM\|SOCK_CLOEXEC, 0\) = \d+/,
      /setsockopt\(\d+, SOL_SOCKET, SO_REUSEADDR, \[1\], 4\) = 0/,
      /bind\(\d+, \{AF_INET, 127\.0\.0\.1:7000\}, 16\) = 0/,
      /connect\(\d+, \{AF_INET, 127\.0\.0\.1:7000\}, 16\) = 0/,
      /accept4\(\d+, \{AF_INET, 127\.0\.0\.1:\d+\}, 0x[0-9a-f]+, SOCK_CLOEXEC\) = \d+/,
      /sendto\(\d+, "hello\\n\\x00\\xffx{24}"\.\.\., 108, 0, NULL, 0\) = 108/,
      /poll\(\[\{fd=\d+, events=POLLIN, revents=POLLIN\}\], 1, -1\) = 1/,
      /recvfrom\(\d+, "hello\\n\\x00\\xff", 8, 0, NULL, NULL\) = 8/,
      /recvmsg\(\d+, \{name=.*, iov=\[\{"x{32}"\.\.\., 200\}\], controllen=0, flags=.*\}, 0\) = 100/,
      /fcntl\(\d+, F_DUPFD_CLOEXEC, 0\) = \d+/,
      /write\(\d+, "back", 4\) = 4/,
      /open(at)?\((AT_FDCWD, )?"\/proc\/net\/route", 0x\w+, 0\w*\) = \d+/,
      /connect\(\d+, \{AF_INET6, \[::1\]:7001\}, 28\) = 0/,
      /sendto\(\d+, "there", 5, 0, NULL, 0\) = -1 ECONNREFUSED \(Connection refused\)/,
      /close\(\d+\) = 0/,
    ]) {
      assert.ok(
        lines.some((line) => wanted.test(line)),
        `${wanted} in\n${stderr}`,
      );
    }
    // No call of the host's: those of the script, of libc's own files.
    assert.not.match(stderr, /script\.py|libc\.so/);
  });

  test('--trace=CLASS,CLASS tells of these alone, --trace-file writes to a file that is begun anew', async () => {
    const file = path.join(directory, 'trace');
    writeFileSync(file, 'what was there before\n');
    const { stderr } = await hijack(['--trace=ready,path', '--trace-file', file, PYTHON, TALK]);
    assert.is(stderr, '');
    const calls: readonly string[] = readFileSync(file, 'utf8').match(/(?<=^\[pid \d+\] )\w+/gm) ?? [];
    assert.ok(calls.some((call) => call.startsWith('open')) && calls.includes('poll'), calls.join());
    assert.not.ok(calls.includes('socket'));
    assert.not.match(readFileSync(file, 'utf8'), 'before');
    const wrong = await hijack(['--trace=nut', 'true']);
    assert.is(wrong.exitCode, 125);
    assert.match(wrong.stderr, '"nut" is no class of calls');
    const denied = await hijack(['--trace-file', '/no/such/directory/trace', 'true']);
    assert.is(denied.exitCode, 125);
    assert.match(denied.stderr, '/no/such/directory/trace: No such file or directory');
    const full = await hijack(['--trace-file', '/dev/full', PYTHON, TALK]);
    assert.is(full.stdout, 'done\n');
    assert.is(
      full.stderr,
      'lkl-hijack: LKL_HIJACK_TRACE: lines of the trace are missing: No space left on device; name another file\n',
    );
  });

  test('a program whose trace nobody reads any more goes on, without SIGPIPE', async () => {
    // More calls than a pipe holds lines of.
    const calls = `import signal, socket
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
for _ in range(5000): socket.socket().close()
print("done")`;
    const traced = [LAUNCHER, '--no-config', '--trace', PYTHON, '-c', calls];
    const { stdout, exitCode } = await execa('bash', ['-c', '"$@" 2> >(head -c 1 >/dev/null)', '-', ...traced], {
      reject: false,
    });
    assert.equal([stdout, exitCode], ['done', 0]);
  });

  test('a program whose calls are traced still gets EFAULT for a bad pointer', async () => {
    const { stdout, stderr } = await hijack([
      '--trace',
      PYTHON,
      '-c',
      'import ctypes, socket; libc = ctypes.CDLL(None, use_errno=True); s = socket.socket()\n' +
        'print(libc.connect(s.fileno(), ctypes.c_void_p(8), 16), ctypes.get_errno())',
    ]);
    assert.is(stdout, '-1 14\n', stderr);
    assert.match(stderr, /connect\(\d+, 0x8, 16\) = -1 EFAULT \(Bad address\)/);
  });

  test('--pcap captures the loopback: tcpdump reads the data, in order, to the last segment', async () => {
    const file = path.join(directory, 'lo.pcap');
    const { stdout, stderr } = await hijack(['--pcap', file, PYTHON, TALK]);
    assert.is(stdout, 'done\n', stderr);
    assert.is(stderr, '');
    const read = await execa('tcpdump', ['-nn', '-r', file, 'tcp', 'port', '7000']);
    const segments = read.stdout.split('\n');
    assert.match(segments[0] ?? '', /lo +In +IP 127\.0\.0\.1\.\d+ > 127\.0\.0\.1\.7000: Flags \[S\],/);
    assert.ok(
      segments.some((line) => line.includes('length 108')),
      read.stdout,
    );
    assert.ok(
      segments.some((line) => /Flags \[R?F?\.?\]|Flags \[R\.?\]/.test(line)),
      read.stdout,
    );
    const refused = await execa('tcpdump', ['-nn', '-r', file, 'icmp6']);
    assert.match(refused.stdout, 'ICMP6, destination unreachable, unreachable port, ::1 udp port 7001');
  });

  const reason = noHosts();
  test('--pcap captures a tap from the inside, also what a program sends before it ends', async () => {
    assert.is(reason, undefined);
    const host = tapHost();
    const file = path.join(directory, 'tap.pcap');
    const ping = ['--pcap', file, 'ping', '-c', '2', '-i', '0.05', '-s', '3000', '192.168.13.1'];
    for (let run = 0; run < 2; run++) {
      const { stdout, stderr } = await hijack(ping, { config: CONFIG, netns: host });
      assert.match(stdout, '2 received', stderr);
    }
    const { stdout } = await execa('tcpdump', ['-nn', '-r', file, 'icmp[icmptype] == icmp-echo']);
    assert.is(stdout.match(/Out +IP 192\.168\.13\.2 > 192\.168\.13\.1: ICMP echo request/g)?.length, 2, stdout);
    host.remove();
  });

  test('--pcap refuses a file that cannot be written', async () => {
    const { stderr, exitCode } = await hijack(['--pcap', '/no/such/directory/pcap', 'true']);
    assert.is(exitCode, 125);
    assert.match(stderr, 'LKL_HIJACK_PCAP=/no/such/directory/pcap: No such file or directory');
  });

  test('a crash of the program is said to be its own', async () => {
    const { stderr, signal } = await hijack([PYTHON, '-c', 'import ctypes; ctypes.string_at(8)']);
    assert.is(signal, 'SIGSEGV');
    assert.match(stderr, /^lkl-hijack: SIGSEGV in the program, not in LKL: instruction 0x[0-9a-f]+, address 0x8\n$/);
  });

  test('a program that handles its faults is told nothing', async () => {
    const { stdout, stderr } = await hijack([
      PYTHON,
      '-X',
      'faulthandler',
      '-c',
      'import ctypes, sys; print("on", flush=True); ctypes.string_at(8)',
    ]);
    assert.is(stdout, 'on\n');
    assert.match(stderr, 'Fatal Python error: Segmentation fault');
  });

  test('a crash of the kernel is said to be LKL', async () => {
    assert.ok(existsSync(path.join(ROOT, 'bin')));
    const { all } = await execa(
      'gdb',
      [
        ...['-q', '-batch', '-ex', `set exec-wrapper env LD_PRELOAD=${LIBRARY}`],
        ...['-ex', 'set breakpoint pending on', '-ex', 'handle SIGSEGV nostop pass', '-ex', 'break __sys_socket'],
        ...['-ex', 'run', '-ex', 'set $rip = 8', '-ex', 'delete', '-ex', 'continue', '--args', '/bin/ip', 'link'],
      ],
      { all: true, cwd: directory },
    );
    assert.match(all, /lkl-hijack: SIGSEGV in LKL, not in the program: .*address 0x8; please report it/);
  });
});
