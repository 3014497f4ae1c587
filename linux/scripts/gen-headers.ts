// SPDX-License-Identifier: GPL-2.0-only
/**
 * Makes the headers under which programs see the kernel:
 *
 *   node gen-headers.js --source TREE --headers DIR --out DIR
 *
 * --source is the kernel tree, --headers what its "make headers_install" made, --out the include directory in which
 * lkl/ is written: the installed headers with every name prefixed, headers for what is not installed, lkl/syscalls.h
 * and lkl/syscall_names.h.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { correct } from './corrections.ts';
import { extractHeaders } from './kernel-headers.ts';
import { omittedHeaders } from './names.ts';
import { HeaderTree, parseHeader } from './prefix.ts';
import { namesHeader, readSyscalls, stubsHeader } from './syscalls.ts';

/** What <lkl.h> gives beside the types of the system calls: what programs mostly use. */
const common = [
  'asm/ioctls.h',
  'asm/poll.h',
  'asm/signal.h',
  'asm/stat.h',
  'asm/termios.h',
  'kernel/fs.h',
  'kernel/sched.h',
  'kernel/socket.h',
  'kernel/types.h',
  'linux/errqueue.h',
  'linux/eventfd.h',
  'linux/eventpoll.h',
  'linux/fcntl.h',
  'linux/fib_rules.h',
  'linux/fs.h',
  'linux/futex.h',
  'linux/icmp.h',
  'linux/icmpv6.h',
  'linux/if.h',
  'linux/if_addr.h',
  'linux/if_arp.h',
  'linux/if_ether.h',
  'linux/if_link.h',
  'linux/if_packet.h',
  'linux/if_tun.h',
  'linux/in.h',
  'linux/in6.h',
  'linux/inotify.h',
  'linux/ip.h',
  'linux/ipv6.h',
  'linux/memfd.h',
  'linux/mman.h',
  'linux/mount.h',
  'linux/neighbour.h',
  'linux/netlink.h',
  'linux/pkt_cls.h',
  'linux/pkt_sched.h',
  'linux/prctl.h',
  'linux/random.h',
  'linux/reboot.h',
  'linux/resource.h',
  'linux/rtnetlink.h',
  'linux/sched.h',
  'linux/signalfd.h',
  'linux/sockios.h',
  'linux/stat.h',
  'linux/tcp.h',
  'linux/time.h',
  'linux/timerfd.h',
  'linux/udp.h',
  'linux/uio.h',
  'linux/un.h',
  'linux/utsname.h',
  'linux/wait.h',
];

function readHeaders(directory: string): Map<string, string> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.h') && !omittedHeaders.has(path),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}

/** Makes a directory consist of these files. What is there already keeps its time, for make's sake. */
function writeTree(directory: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(directory, { recursive: true });
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('.h') && !files.has(path)) rmSync(join(directory, path));
  for (const [path, text] of files) {
    const file = join(directory, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function main(): void {
  const { values } = parseArgs({
    options: { source: { type: 'string' }, headers: { type: 'string' }, out: { type: 'string' } },
  });
  const { source, headers, out } = values;
  if (source === undefined || headers === undefined || out === undefined)
    throw new Error('usage: gen-headers.js --source TREE --headers DIR --out DIR');

  const read = (path: string): string => readFileSync(join(source, path), 'utf8');
  const installed = readHeaders(headers);
  const tree = new HeaderTree(
    [...installed, ...extractHeaders(read)].map(([path, text]) => parseHeader(path, correct(path, text))),
  );
  const syscalls = readSyscalls(read, installed.get('asm/unistd_64.h') ?? '');

  const results = new Map<string, string>();
  for (const header of tree.headers.values()) results.set(header.path, tree.rewrite(header));
  results.set('syscalls.h', stubsHeader(tree, syscalls, common));
  results.set('syscall_names.h', namesHeader(syscalls));

  writeTree(join(out, 'lkl'), results);
}

main();
