// SPDX-License-Identifier: GPL-2.0-only
/** The system call table, and lkl_sys_*() functions for it, typed as the kernel's own prototypes are. */
import { classify } from './c-roles.ts';
import { isSignificant, type Token, tokenize } from './c-tokens.ts';
import { outerName } from './kernel-headers.ts';
import { cxxKeywords, prefixed, standardNames } from './names.ts';
import type { HeaderTree } from './prefix.ts';

export interface Parameter {
  /** The tokens of the type; "int", "*". */
  readonly type: readonly string[];
  /** "" when the prototype does not say. */
  readonly name: string;
}

export interface Syscall {
  readonly number: number;
  readonly name: string;
  /** Undefined for a call that the kernel no longer has. */
  readonly parameters: readonly Parameter[] | undefined;
}

const typeKeywords = new Set([
  'const',
  'struct',
  'union',
  'enum',
  'void',
  'char',
  'short',
  'int',
  'long',
  'unsigned',
  'signed',
]);
const annotations = new Set(['__user']);

/* The call that ends a signal handler takes the kernel's own register set, from no program. */
const withoutParameters = new Set(['sys_rt_sigreturn']);

/** The numbers that the kernel was built with, from its asm/unistd_64.h. */
function readNumbers(unistd: string): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const match of unistd.matchAll(/^#define __NR_(\w+) (\d+)$/gm)) numbers.set(match[1] ?? '', Number(match[2]));
  return numbers;
}

/** The function of each call, from scripts/syscall.tbl: number, ABI, name, function. */
function readEntries(table: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of table.split('\n')) {
    const [number, abi, name, entry] = line.split(/\s+/);
    if (number === undefined || !/^\d+$/.test(number) || abi === undefined || name === undefined) continue;
    if (abi !== '32' && abi !== 'time32') entries.set(`${number} ${name}`, entry ?? 'sys_ni_syscall');
  }
  return entries;
}

/** A parameter of a prototype. An array is the pointer that it stands for. */
function parseParameter(tokens: readonly string[]): Parameter {
  const bracket = tokens.indexOf('[');
  const plain = bracket < 0 ? tokens : tokens.slice(0, bracket);
  const last = plain.at(-1) ?? '';
  const beforeLast = plain.at(-2) ?? '';
  const isName =
    plain.length > 1 &&
    /^\w+$/.test(last) &&
    !typeKeywords.has(last) &&
    !['struct', 'union', 'enum', 'const'].includes(beforeLast);
  const type = isName ? plain.slice(0, -1) : plain;
  return { type: bracket < 0 ? type : [...type, '*'], name: isName ? last : '' };
}

/** Parameters of the functions that a header declares; of several declarations for different kernels, the first. */
function readPrototypes(header: string): Map<string, readonly Parameter[]> {
  const tokens = tokenize(header);
  const prototypes = new Map<string, readonly Parameter[]>();
  for (const [index, role] of classify(tokens)) {
    const name = tokens[index]?.text ?? '';
    if (role !== 'function' || !name.startsWith('sys_') || prototypes.has(name)) continue;
    const parameters: string[][] = [[]];
    let depth = 0;
    for (let at = index + 1; at < tokens.length; at++) {
      const token = tokens[at] as Token;
      if (!isSignificant(token) || annotations.has(token.text)) continue;
      if (token.text === '(' && depth++ === 0) continue;
      if (token.text === ')' && --depth === 0) break;
      if (token.text === ',' && depth === 1) parameters.push([]);
      else parameters.at(-1)?.push(token.text);
    }
    const isVoid = withoutParameters.has(name) || parameters[0]?.join(' ') === 'void' || parameters[0]?.length === 0;
    prototypes.set(name, isVoid ? [] : parameters.map(parseParameter));
  }
  return prototypes;
}

/** All system calls in the order of their numbers; `read` reads a file of the kernel tree. */
export function readSyscalls(read: (path: string) => string, unistd: string): Syscall[] {
  const entries = readEntries(read('scripts/syscall.tbl'));
  const prototypes = new Map([
    ...readPrototypes(read('include/asm-generic/syscalls.h')),
    ...readPrototypes(read('include/linux/syscalls.h')),
  ]);
  const syscalls: Syscall[] = [];
  for (const [name, number] of readNumbers(unistd)) {
    const entry = entries.get(`${number} ${name}`);
    if (entry === undefined) continue; // __NR_syscalls and the like
    const parameters = entry === 'sys_ni_syscall' ? undefined : prototypes.get(entry);
    if (parameters === undefined && entry !== 'sys_ni_syscall') throw new Error(`no prototype of ${entry}()`);
    syscalls.push({ number, name, parameters });
  }
  return syscalls.sort((a, b) => a.number - b.number);
}

/** Picks, of the headers that declare a name, the one that programs include. */
function publicHeader(tree: HeaderTree, paths: readonly string[]): string | undefined {
  const basic = tree.closure('linux/types.h');
  if (paths.some((path) => basic.has(path))) return 'linux/types.h';
  const specific = paths.map((path) => {
    const own = path.replace(/^asm-generic\//, 'asm/');
    return tree.headers.has(own) ? own : path;
  });
  const order = ['kernel/', 'asm/', 'linux/'];
  return specific.sort(
    (a, b) => order.findIndex((start) => a.startsWith(start)) - order.findIndex((start) => b.startsWith(start)),
  )[0];
}

/** The type as C source, and what it takes: headers to include, structs to declare. */
function typeText(tree: HeaderTree, type: readonly string[], includes: Set<string>, opaque: Set<string>): string {
  const words = type.map((word, at) => {
    if (!/^\w+$/.test(word) || typeKeywords.has(word) || standardNames.has(word)) return word;
    const name = outerName(word);
    const kind = type[at - 1] ?? '';
    const isTag = kind === 'struct' || kind === 'union' || kind === 'enum';
    const header = publicHeader(tree, isTag ? tree.definitionsOfTag(name) : tree.declarationsOf(name));
    if (header !== undefined) includes.add(header);
    else if (isTag && kind !== 'enum') opaque.add(`${kind} ${prefixed(name)};`);
    else throw new Error(`no header declares ${name}`);
    return prefixed(name);
  });
  return words.join(' ').replace(/\* (?=\*)/g, '*');
}

function stub(tree: HeaderTree, syscall: Syscall, includes: Set<string>, opaque: Set<string>): string {
  const parameters = (syscall.parameters ?? []).map(({ type, name }, at) => {
    const text = typeText(tree, type, includes, opaque);
    const safe = name === '' ? `arg${at + 1}` : cxxKeywords.has(name) ? prefixed(name) : name;
    return { declaration: text.endsWith('*') ? `${text}${safe}` : `${text} ${safe}`, name: safe };
  });
  const values = parameters.map(({ name }) => `(long)${name}`);
  while (values.length < 6) values.push('0');
  return [
    `static inline long lkl_sys_${syscall.name}(${parameters.map(({ declaration }) => declaration).join(', ') || 'void'})`,
    '{',
    `\tconst long params[6] = { ${values.join(', ')} };`,
    '',
    `\treturn lkl_syscall_result(lkl_syscall(${prefixed('__NR_')}${syscall.name}, params));`,
    '}',
  ].join('\n');
}

/** lkl/syscalls.h: an inline function for each call. */
export function stubsHeader(tree: HeaderTree, syscalls: readonly Syscall[], common: readonly string[]): string {
  const includes = new Set<string>([...common, 'kernel/errno.h', 'asm/errno.h', 'asm/unistd.h']);
  const opaque = new Set<string>();
  const stubs = syscalls
    .filter(({ parameters }) => parameters !== undefined)
    .map((syscall) => stub(tree, syscall, includes, opaque));
  return `/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's system calls as functions. Made from its table and prototypes
 * by linux/scripts/gen-headers.ts. Each returns the result, or a negative
 * errno; -LKL_EINTR when lkl_kernel_interrupt() ended it.
 */
#ifndef LKL_SYSCALLS_H
#define LKL_SYSCALLS_H

#include <stddef.h>
${[...includes]
  .sort()
  .map((path) => `#include <lkl/${path}>`)
  .join('\n')}

#ifdef __cplusplus
extern "C" {
#endif

long lkl_syscall(long nr, const long *params);

${[...opaque].sort().join('\n')}

/**
 * lkl_syscall_result() - the result of a call as programs see it
 * @result: what lkl_syscall() returned.
 *
 * Return: -LKL_EINTR for the kernel's restart codes, all else as it is.
 */
static inline long lkl_syscall_result(long result)
{
	switch (result) {
	case -LKL_ERESTARTSYS:
	case -LKL_ERESTARTNOINTR:
	case -LKL_ERESTARTNOHAND:
	case -LKL_ERESTART_RESTARTBLOCK:
		return -LKL_EINTR;
	default:
		return result;
	}
}

${stubs.join('\n\n')}

#ifdef __cplusplus
}
#endif
#endif
`;
}

/** lkl/syscall_names.h: the table as an X-macro, for traces. */
export function namesHeader(syscalls: readonly Syscall[]): string {
  const rows = syscalls.map(({ number, name, parameters }) => `\tX(${number}, ${name}, ${parameters?.length ?? 0})`);
  return `/* SPDX-License-Identifier: GPL-2.0-only */
/* The system call table. Made by linux/scripts/gen-headers.ts. */
#ifndef LKL_SYSCALL_NAMES_H
#define LKL_SYSCALL_NAMES_H

/* Applies X(number, name, count of arguments) to each call, by number. */
#define LKL_SYSCALL_NAMES(X) \\
${rows.join(' \\\n')}

#endif
`;
}
