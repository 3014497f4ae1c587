// SPDX-License-Identifier: GPL-2.0-or-later
/** The end of a program, and the programs that it starts, where there is a tap. */
import path from 'node:path';
import { execa } from 'execa';
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { hijack, startHijacked, temporaryDirectory } from '../support/hijack.ts';
import { type Host, makeHost, noHosts } from '../support/namespace.ts';
import { waitFor } from '../support/wait.ts';

const CONFIG = {
  gateway: '192.168.13.1',
  interfaces: [{ type: 'tap', param: 'tap0', ip: '192.168.13.2', masklen: '24' }],
};

/** Accepts one connection, waits for the file, then reads to the end and prints how much came. */
const READER = `use IO::Socket; $| = 1;
my ($file) = @ARGV;
my $l = IO::Socket::INET->new(Listen => 1, LocalPort => 7000, ReuseAddr => 1,
  Sockopts => [[SO_RCVBUF, 4096]]) or die $!;
my $s = $l->accept; my ($n, $got, $buf) = (0);
select(undef, undef, undef, 0.01) until -e $file;
$n += $got while $got = sysread($s, $buf, 65536);
print defined $got ? $n : "error $!";`;

/** Writes until the connection takes no more, says how much that was, and ends as told. */
const WRITER = `use IO::Socket; use POSIX ();
my ($file, $end) = @ARGV;
my $s = IO::Socket::INET->new(PeerAddr => '192.168.13.1:7000') or die $!;
$s->sockopt(SO_SNDBUF, 200000);
$s->blocking(0); my ($n, $got) = (0);
$n += $got while $got = syswrite($s, 'x' x 65536);
syswrite(STDOUT, $n); open(my $f, '>', $file); close $f;
$end eq '_exit' ? POSIX::_exit(3) : exit(3);`;

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

function tapHost(): Host {
  return makeHost({ tap: 'tap0', addresses: ['192.168.13.1/24'] });
}

define('process tree', (test) => {
  for (const end of ['exit', '_exit']) {
    test(`what was written before ${end}() arrives`, async () => {
      const host = tapHost();
      const file = path.join(temporaryDirectory(), end);
      const [program = '', ...prefix] = host.prefix;
      const reader = execa(program, [...prefix, 'perl', '-e', READER, file]);
      await waitFor('the reader', async () =>
        (await execa(program, [...prefix, 'ss', '-ltnH'])).stdout.includes(':7000 '),
      );
      const writer = await hijack(['perl', '-e', WRITER, file, end], { config: CONFIG, netns: host });
      assert.is(writer.exitCode, 3, writer.stderr);
      assert.ok(Number(writer.stdout) > 150_000, writer.stdout);
      assert.is((await reader).stdout, writer.stdout);
      host.remove();
    });
  }

  test('what a shell starts runs although the shell has the tap, and is told why it has no network', async () => {
    const host = tapHost();
    const script = `echo one; /bin/echo two; cat /proc/self/comm
      perl -MSocket -e 'for (1..3) { print socket(S, AF_INET, SOCK_DGRAM, 0) ? "yes" : $!, "\\n" }'
      exit 5`;
    const shell = await hijack(['sh', '-c', script], { config: CONFIG, netns: host });
    assert.is(shell.stdout, `one\ntwo\ncat\n${'Network is down\n'.repeat(3)}`);
    assert.is(shell.exitCode, 5);
    assert.equal(
      shell.stderr.match(/^lkl-hijack: .*$/gm),
      [
        "lkl-hijack: perl: a parent process has the network's interfaces, so this process has none and its sockets fail (ENETDOWN); one of type user or slirp that publishes no ports is each process's own",
      ],
      shell.stderr,
    );
    host.remove();
  });

  test('a tap that is in use by a stranger still stops the program', async () => {
    const host = tapHost();
    const [program = '', ...prefix] = host.prefix;
    const holder = startHijacked(['sleep', '60'], { config: CONFIG, netns: host });
    await waitFor('the interface', async () =>
      (await execa(program, [...prefix, 'ip', 'link', 'show', 'tap0'])).stdout.includes('LOWER_UP'),
    );
    const second = await hijack(['true'], { config: CONFIG, netns: host });
    assert.is(second.exitCode, 125);
    assert.match(second.stderr, 'tap0');
    holder.kill('SIGKILL');
    await holder;
    host.remove();
  });
});
