// SPDX-License-Identifier: GPL-2.0-only
/**
 * Headers for what programs need but the kernel does not install for them, taken from its internal headers: address
 * families, socket types, message flags, struct msghdr, directory entries, ... (a libc has its own copies of these).
 */
import { classify } from './c-roles.ts';
import { isSignificant, join, type Token, tokenize } from './c-tokens.ts';

/** Which declarations of an internal header go into which header of ours. */
interface Extract {
  /** Path in the kernel tree. */
  readonly source: string;
  /** Path of the result. */
  readonly output: string;
  /** Matches the names of the macros, types and functions to take. */
  readonly names: RegExp;
}

const extracts: readonly Extract[] = [
  {
    source: 'include/linux/types.h',
    output: 'kernel/types.h',
    names:
      /^(__kernel_dev_t|fd_set|dev_t|ino_t|u?mode_t|off_t|loff_t|pid_t|key_t|suseconds_t|timer_t|clockid_t|mqd_t|uid_t|gid_t|ssize_t|clock_t|caddr_t|old_[ug]id_t|u_(char|short|int|long))$/,
  },
  { source: 'include/linux/quota.h', output: 'kernel/types.h', names: /^qid_t$/ },
  { source: 'include/linux/key.h', output: 'kernel/types.h', names: /^key_serial_t$/ },
  { source: 'include/linux/fs.h', output: 'kernel/types.h', names: /^rwf_t$/ },
  {
    source: 'include/linux/socket.h',
    output: 'kernel/socket.h',
    names:
      /^(sa_family_t|sockaddr|sockaddr_storage|linger|user_msghdr|mmsghdr|cmsghdr|ucred|(__)?CMSG_(NXTHDR|ALIGN|DATA|SPACE|LEN|FIRSTHDR|OK)|for_each_cmsghdr|(__)?cmsg_nxthdr|(SCM|AF|PF|SOL)_[A-Za-z0-9]\w*|SOMAXCONN|MSG_(?!CMSG_COMPAT|INTERNAL|SENDPAGE)\w+)$/,
  },
  {
    source: 'include/linux/net.h',
    output: 'kernel/socket.h',
    names: /^(sock_type|SOCK_MAX|SOCK_TYPE_MASK|SOCK_CLOEXEC|SOCK_NONBLOCK|sock_shutdown_cmd)$/,
  },
  { source: 'include/linux/dirent.h', output: 'kernel/fs.h', names: /^linux_dirent64$/ },
  { source: 'include/linux/fs_types.h', output: 'kernel/fs.h', names: /^DT_[A-Z]+$/ },
  {
    source: 'include/linux/fs.h',
    output: 'kernel/fs.h',
    names: /^(file_handle|MNT_(FORCE|DETACH|EXPIRE)|UMOUNT_NOFOLLOW)$/,
  },
  { source: 'include/linux/sched.h', output: 'kernel/sched.h', names: /^sched_param$/ },
  { source: 'fs/aio.c', output: 'kernel/aio.h', names: /^__aio_sigset$/ },
  { source: 'include/linux/errno.h', output: 'kernel/errno.h', names: /^ERESTART(SYS|NOINTR|NOHAND|_RESTARTBLOCK)$/ },
];

/** Headers that the results build on. */
const includes: Readonly<Record<string, readonly string[]>> = {
  'kernel/types.h': ['linux/types.h', 'linux/fs.h'],
  'kernel/socket.h': [
    'linux/types.h',
    'linux/stddef.h',
    'linux/uio.h',
    'linux/socket.h',
    'asm/socket.h',
    'asm/fcntl.h',
  ],
  'kernel/fs.h': ['linux/types.h', 'linux/stat.h', 'linux/stddef.h'],
  'kernel/aio.h': ['asm/signal.h'],
};

/** Names of the kernel's inner side, and what they are called on the other. */
const outerNames: ReadonlyMap<string, string> = new Map([
  ['user_msghdr', 'msghdr'],
  ...['u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64'].map((name) => [name, `__${name}`] as const),
]);

/** The name by which programs know a name of the kernel. */
export function outerName(name: string): string {
  return outerNames.get(name) ?? name;
}

/** One declaration at file scope, or one #define. */
interface Item {
  readonly names: readonly string[];
  readonly text: string;
}

function itemOf(tokens: readonly Token[], start: number, end: number, names: ReadonlyMap<number, string>): Item {
  const own = [...names].filter(([index]) => index >= start && index < end).map(([, name]) => name);
  const text = join(tokens.slice(start, end).map((token) => ({ ...token, text: outerName(token.text) })));
  return { names: own, text };
}

/** What an internal header declares at file scope, in its order. */
function itemsOf(source: string): Item[] {
  const tokens = tokenize(source);
  const names = new Map<number, string>();
  for (const [index, role] of classify(tokens)) {
    let after = index + 1;
    while (tokens[after] !== undefined && !isSignificant(tokens[after] as Token)) after++;
    const isDefinition =
      role === 'macro' || role === 'typedef' || role === 'function' || (role === 'tag' && tokens[after]?.text === '{');
    if (isDefinition) names.set(index, tokens[index]?.text ?? '');
  }

  const items: Item[] = [];
  let start: number | undefined;
  let depth = 0;
  let isFunction = false;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    if (!isSignificant(token)) continue;
    if (token.directive !== '') {
      if (token.directive !== '#') continue;
      const isDefine = tokens.slice(index).find((other) => other.directive !== '#')?.directive === 'define';
      let end = index;
      while (end < tokens.length && tokens[end]?.kind !== 'newline') end++;
      if (isDefine) items.push(itemOf(tokens, index, end, names));
      index = end;
      continue;
    }
    start ??= index;
    if (token.text === '{' && depth === 0) isFunction = join(tokens.slice(start, index)).trimEnd().endsWith(')');
    if (/^[({[]$/.test(token.text)) depth++;
    if (/^[)}\]]$/.test(token.text)) depth--;
    if (depth === 0 && (token.text === ';' || (token.text === '}' && isFunction))) {
      items.push(itemOf(tokens, start, index + 1, names));
      start = undefined;
      isFunction = false;
    }
  }
  return items;
}

/** The headers to add to the installed ones, by path; `read` reads a file of the kernel tree. */
export function extractHeaders(read: (path: string) => string): Map<string, string> {
  const bodies = new Map<string, string[]>();
  for (const { source, output, names } of extracts) {
    const body = bodies.get(output) ?? [];
    bodies.set(output, body);
    const seen = new Set<string>();
    for (const item of itemsOf(read(source))) {
      const wanted = item.names.filter((name) => names.test(name));
      if (wanted.length === 0 || wanted.some((name) => seen.has(name))) continue;
      for (const name of wanted) seen.add(name);
      body.push(item.text);
    }
    if (seen.size === 0) throw new Error(`${source} declares none of ${names}`);
  }
  return new Map(
    [...bodies].map(([path, body]) => {
      const guard = `_${path.toUpperCase().replace(/\W/g, '_')}`;
      const lines = [
        '/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */',
        `#ifndef ${guard}`,
        `#define ${guard}`,
        ...(includes[path] ?? []).map((header) => `#include <${header}>`),
        ...body,
        '#endif',
        '',
      ];
      return [path, lines.join('\n')];
    }),
  );
}
