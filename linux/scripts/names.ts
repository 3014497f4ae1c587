// SPDX-License-Identifier: GPL-2.0-only
/** The prefix, and the names that are no business of it. */

/** The name with the prefix: lkl_name, LKL_NAME, _lkl_name, __lkl__name. */
export function prefixed(name: string): string {
  if (name.startsWith('__')) return `__lkl${name}`;
  if (name.startsWith('_')) return `_lkl${name}`;
  return /^[A-Z]/.test(name) ? `LKL_${name}` : `lkl_${name}`;
}

/** Names of the C standard that mean the same to the kernel and to every host, with the header that has them. */
export const standardNames: ReadonlyMap<string, string> = new Map([
  ...['size_t', 'ptrdiff_t', 'NULL', 'offsetof'].map((name) => [name, 'stddef.h'] as const),
  ...['8', '16', '32', '64', 'ptr'].flatMap((bits) => [
    [`int${bits}_t`, 'stdint.h'] as const,
    [`uint${bits}_t`, 'stdint.h'] as const,
  ]),
  ...['memset', 'memcpy', 'memmove', 'memcmp', 'strlen'].map((name) => [name, 'string.h'] as const),
]);

/**
 * What a header may ask in an #if: the compiler's own macros. Anything else that no kernel header defines would be
 * the host libc's, and is prefixed too: then it is undefined, and the header is the same whatever was included before.
 */
const compilerMacros = new Set([
  'defined',
  '__cplusplus',
  '__linux__',
  '__x86_64__',
  '__i386__',
  '__aarch64__',
  '__LP64__',
  '__ILP32__',
  '__CHAR_BIT__',
  '__BYTE_ORDER__',
  '__GNUC__',
  '__GNUC_MINOR__',
  '__STRICT_ANSI__',
  '__STDC_VERSION__',
]);

/** Whether an #if may ask for the name as it is. */
export function isCompilerMacro(name: string): boolean {
  return compilerMacros.has(name) || name.startsWith('__SIZEOF_') || name.startsWith('__ORDER_');
}

/** Keywords of GNU C that old headers define away for other compilers. */
export const gnuKeywords: ReadonlySet<string> = new Set([
  '__inline__',
  '__inline',
  'inline',
  'volatile',
  '__volatile__',
  '__signed__',
]);

/** Names that get a particular new one. */
export const replacedNames: ReadonlyMap<string, string> = new Map([
  ['__BYTE_ORDER', '__BYTE_ORDER__'], // of the host libc's endian.h; the compiler's has the same values
  ['time_t', prefixed('__kernel_old_time_t')], // an old header's
  ['__user', ''], // the kernel's annotations for its checker
  ['DECLARE_FLEX_ARRAY', prefixed('__DECLARE_FLEX_ARRAY')],
]);

/** Keywords of C++ that are ordinary names in C. */
export const cxxKeywords: ReadonlySet<string> = new Set([
  'and',
  'and_eq',
  'bitand',
  'bitor',
  'catch',
  'class',
  'compl',
  'delete',
  'explicit',
  'export',
  'friend',
  'mutable',
  'namespace',
  'new',
  'not',
  'not_eq',
  'operator',
  'or',
  'or_eq',
  'private',
  'protected',
  'public',
  'template',
  'this',
  'throw',
  'try',
  'typename',
  'using',
  'virtual',
  'xor',
  'xor_eq',
]);

/** Members that glibc has a macro for: the compiler would see something else after the libc's header. */
export const libcMacros: ReadonlySet<string> = new Set([
  'arp_op',
  'd_fileno',
  'msg_cbytes',
  'p_type',
  'sa_handler',
  'st_atime',
  'st_ctime',
  'st_mtime',
]);

/** The header of this tree for one of the host libc that a kernel header includes for a type of the kernel's. */
export const includesOfLibc: ReadonlyMap<string, string> = new Map([
  ['endian.h', 'asm/byteorder.h'],
  ['netinet/if_ether.h', 'linux/if_ether.h'],
  ['netinet/in.h', 'linux/in.h'],
  ['sys/ioctl.h', 'linux/ioctl.h'],
  ['sys/socket.h', 'kernel/socket.h'],
  ['sys/time.h', 'linux/time.h'],
  ['sys/types.h', 'kernel/types.h'],
  ['time.h', 'linux/time.h'],
]);

/** Headers that cannot be used, with the reason. */
export const omittedHeaders: ReadonlyMap<string, string> = new Map([
  ['asm/host_ops.h', 'installed as lkl_host.h, with names that bear the prefix already'],
  ['asm/bpf_perf_event.h', 'describes registers of user mode, which there is none of'],
  ['asm-generic/bpf_perf_event.h', 'the same'],
  ['linux/bpf_perf_event.h', 'the same'],
  ['asm-generic/ucontext.h', 'for architectures with signal frames'],
  ['linux/cyclades.h', 'is a warning that there is nothing in it'],
  ['xen/evtchn.h', 'builds on headers of Xen'],
  ['xen/gntdev.h', 'builds on headers of Xen'],
  ['xen/privcmd.h', 'builds on headers of Xen'],
]);

/** Headers that lack an #include. */
export const missingIncludes: ReadonlyMap<string, string> = new Map([
  ['linux/coda.h', 'kernel/types.h'],
  ['linux/errqueue.h', 'linux/time.h'],
  ['linux/hdlc/ioctl.h', 'linux/if.h'],
]);

/** Warnings of -Wall -Wextra that a header gives with its own inline functions. */
export const ignoredWarnings: ReadonlyMap<string, string> = new Map([
  ['linux/map_to_14segment.h', '-Wsign-compare'],
  ['linux/map_to_7segment.h', '-Wsign-compare'],
]);

/** Macros whose first argument is the tag of a struct that they declare. */
export const tagMacros: ReadonlySet<string> = new Set(['__struct_group']);
