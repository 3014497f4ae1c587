// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 600 s
//
// The headers that linux/scripts/gen-headers.ts makes: each compiles, goes with those of libc and of the host's kernel,
// and means what the kernel's own header means.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

const BUILD = path.join(ROOT, 'build');
const GENERATED = path.join(BUILD, 'include');
const ORIGINAL = path.join(BUILD, 'usr', 'include');
const JOBS = 2;
const TIMEOUT = { timeout: 300_000 };

const LANGUAGES = [
  ['cc', '-std=c11', '-xc'],
  ['c++', '-std=c++17', '-xc++'],
] as const;

/** Says itself that it is for soundcard.h only. */
const NOT_ALONE = 'linux/patchkey.h';
/** What the kernel's own headers do not allow: another byte order, the generic form of a header, an old name of one. */
const NOT_TOGETHER = [/^asm-generic\//, /^linux\/byteorder\/big_endian\.h$/, /^linux\/netfilter_ipv4\/ipt_ECN\.h$/];

function headersBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.h'))
    .sort();
}

const generated = headersBelow(path.join(GENERATED, 'lkl')).filter((header) => header !== NOT_ALONE);
const together = generated.filter((header) => !NOT_TOGETHER.some((pattern) => pattern.test(header)));

/** What a command prints, with its errors last. */
function run(command: readonly [string, ...string[]], input: string): Promise<string> {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(output + errors));
  });
}

function compile(language: (typeof LANGUAGES)[number], source: string, options: readonly string[] = []) {
  const warnings = ['-Wall', '-Wextra', '-Werror', '-fmax-errors=0', '-D_GNU_SOURCE'];
  return run([...language, ...warnings, '-fsyntax-only', `-I${GENERATED}`, ...options, '-'], source);
}

/** Applies `work` to all items, a few at a time. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: JOBS }, worker));
}

const include = (header: string): string => `#include <${header}>\n`;

const LIBC = `
  aio arpa/inet assert complex ctype dirent dlfcn elf endian err errno fcntl fnmatch getopt glob grp ifaddrs inttypes
  limits link locale math mntent mqueue net/ethernet net/if net/if_arp net/route netdb netinet/ether netinet/icmp6
  netinet/if_ether netinet/in netinet/ip netinet/ip6 netinet/ip_icmp netinet/tcp netinet/udp netpacket/packet poll
  pthread pty pwd regex resolv sched search semaphore setjmp signal spawn stdarg stdbool stddef stdint stdio stdlib
  string strings sys/acct sys/auxv sys/epoll sys/eventfd sys/fanotify sys/file sys/inotify sys/ioctl sys/ipc sys/mman
  sys/mount sys/msg sys/param sys/personality sys/prctl sys/ptrace sys/quota sys/random sys/reboot sys/resource
  sys/select sys/sem sys/sendfile sys/shm sys/signalfd sys/socket sys/stat sys/statfs sys/statvfs sys/swap sys/syscall
  sys/sysinfo sys/sysmacros sys/time sys/timerfd sys/times sys/timex sys/types sys/ucontext sys/uio sys/un sys/utsname
  sys/vfs sys/wait sys/xattr syslog termios time unistd utime wchar`;
const HOST_KERNEL = `
  aio_abi bpf can capability cn_proc cxl_mem elf-em ethtool falloc fanotify fib_rules filter fs fuse futex genetlink
  gpio if_addr if_alg if_bonding if_bridge if_ether if_link if_macsec if_tun if_vlan inet_diag input io_uring keyctl
  kvm l2tp landlock limits lwtunnel magic mempolicy mii mptcp neighbour net_tstamp netconf netfilter
  netfilter/nf_tables netfilter/nfnetlink netlink nexthop nl80211 packet_diag perf_event pkt_cls pkt_sched psample
  ptp_clock random rtnetlink sctp seccomp seg6 sock_diag sockios taskstats tc_act/tc_mirred tls uinput unix_diag
  userfaultfd vfio videodev2 wireguard xdp_diag xfrm`;

const hostHeaders = [
  ...LIBC.trim().split(/\s+/),
  ...HOST_KERNEL.trim()
    .split(/\s+/)
    .map((name) => `linux/${name}`),
].map((name) => `${name}.h`);

const isPrefixed = (name: string): boolean => /^(_*lkl|LKL)_/.test(name);

/** Names of the macros that a source defines. */
async function macrosOf(source: string): Promise<Set<string>> {
  const output = await run(['cc', '-std=c11', '-D_GNU_SOURCE', '-dM', '-E', `-I${GENERATED}`, '-xc', '-'], source);
  return new Set([...output.matchAll(/^#define (\w+)/gm)].map((match) => match[1] ?? ''));
}

/** Constants and types that a kernel header declares, as C expressions for the original and the generated header. */
function expressionsOf(header: string): [string, string][] {
  const source = readFileSync(path.join(GENERATED, 'lkl', header), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const plain = (name: string): string => name.replace(/^(_*)lkl_/, '$1').replace(/^LKL_/, '');
  const constants = [
    ...[...source.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+\S/gm)].map((match) => match[1] ?? ''),
    ...[...source.matchAll(/^[ \t]+(LKL_\w+)[ \t]*(?:=[^,]*)?,?[ \t]*$/gm)].map((match) => match[1] ?? ''),
  ];
  const types = [...source.matchAll(/^(struct|union) (\w+)\s*\{/gm)].map((match) => [match[1] ?? '', match[2] ?? '']);
  return [
    ...[...new Set(constants)].filter(isPrefixed).map((name): [string, string] => [`(${plain(name)})`, `(${name})`]),
    ...types.map(([kind = '', name = '']): [string, string] => [
      `sizeof(${kind} ${plain(name)})`,
      `sizeof(${kind} ${name})`,
    ]),
  ];
}

/** What headers of the kernel leave to libc. */
const PRELUDE = ['sys/types.h', 'sys/socket.h', 'sys/time.h', 'stddef.h', 'stdint.h'].map(include).join('');

/** Of the expressions, those that are integer constants to a program that includes the original header. */
async function constantsOf(header: string): Promise<[string, string][]> {
  const expressions = expressionsOf(header);
  const source = PRELUDE + include(header);
  const lines = expressions.map(([original]) => `_Static_assert(${original} == ${original}, "");\n`);
  const options = [`-I${ORIGINAL}`, '-w'];
  const output = await compile(LANGUAGES[0], source + lines.join(''), options);
  if (/^[^<]\S*: (fatal )?error:/m.test(output)) return []; // not a header for programs as it is
  const first = source.split('\n').length;
  const bad = new Set([...output.matchAll(/^<stdin>:(\d+):/gm)].map((match) => Number(match[1]) - first));
  return expressions.filter((_, line) => !bad.has(line));
}

define('generated kernel headers', (test) => {
  for (const language of LANGUAGES) {
    test(
      `each compiles alone, and twice: ${language[1]}`,
      async () => {
        await forEach(generated, async (header) => {
          assert.equal(await compile(language, include(`lkl/${header}`).repeat(2)), '', header);
        });
      },
      TIMEOUT,
    );

    test(
      `all go together, with the host's before and after: ${language[1]}`,
      async () => {
        const lkl = ['lkl.h', ...together.map((header) => `lkl/${header}`)].map(include).join('');
        const host = hostHeaders.map(include).join('');
        for (const source of [host + lkl, lkl + host]) {
          assert.equal(await compile(language, source), '');
        }
      },
      TIMEOUT,
    );
  }

  test(
    'no macro is without the prefix',
    async () => {
      const standard = ['limits', 'stddef', 'stdint', 'stdlib', 'string', 'unistd'].map((name) => `${name}.h`);
      const base = await macrosOf(standard.map(include).join(''));
      const all = await macrosOf(together.map((header) => include(`lkl/${header}`)).join(''));
      assert.ok(all.size > base.size + 20_000);
      assert.deepEqual(
        [...all].filter((name) => !base.has(name) && !isPrefixed(name)),
        [],
      );
    },
    TIMEOUT,
  );

  test(
    "constants and sizes are the kernel's",
    async () => {
      let checked = 0;
      const problems: string[] = [];
      await forEach(
        together.filter((header) => !header.startsWith('kernel/') && header.includes('/')),
        async (header) => {
          const constants = await constantsOf(header);
          checked += constants.length;
          const lines = constants.map(([original, ours]) => `_Static_assert(${original} == ${ours}, "${ours}");\n`);
          const source = PRELUDE + include(header) + include(`lkl/${header}`) + lines.join('');
          const options = [`-I${ORIGINAL}`, '-w'];
          if (constants.length === 0) return;
          const output = await compile(LANGUAGES[0], source, options);
          if (output !== '') problems.push(`${header}: ${output.slice(0, 500)}`);
        },
      );
      assert.deepEqual(problems, []);
      assert.ok(checked > 30_000, `only ${checked} were comparable`);
    },
    TIMEOUT,
  );

  test('there is a function for each system call of the table', () => {
    const numbers = readFileSync(path.join(ORIGINAL, 'asm', 'unistd_64.h'), 'utf8');
    const table = readFileSync(path.join(GENERATED, 'lkl', 'syscall_names.h'), 'utf8');
    const stubs = readFileSync(path.join(GENERATED, 'lkl', 'syscalls.h'), 'utf8');
    const calls = [...numbers.matchAll(/^#define __NR_(\w+) (\d+)$/gm)].filter(([, name]) => name !== 'syscalls');
    assert.ok(calls.length > 300);
    const removed = ['lookup_dcookie', 'nfsservctl']; // their numbers are all that is left
    for (const [, name = '', number] of calls) {
      assert.match(table, new RegExp(`X\\(${number}, ${name}, \\d\\)`));
      assert.equal(stubs.includes(`static inline long lkl_sys_${name}(`), !removed.includes(name), name);
    }
  });
});
