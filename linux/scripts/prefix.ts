// SPDX-License-Identifier: GPL-2.0-only
/** Rewrites kernel headers so that every name they declare bears the prefix. */
import { type ArgumentUse, classify, findPasting, type Role } from './c-roles.ts';
import { isSignificant, type Token, tokenize } from './c-tokens.ts';
import {
  cxxKeywords,
  gnuKeywords,
  ignoredWarnings,
  includesOfLibc,
  isCompilerMacro,
  libcMacros,
  missingIncludes,
  prefixed,
  replacedNames,
  standardNames,
  tagMacros,
} from './names.ts';

/** A header to rewrite. */
export interface Header {
  /** Path below the include directory, such as "linux/in.h". */
  readonly path: string;
  readonly tokens: readonly Token[];
  readonly roles: ReadonlyMap<number, Role>;
}

/** Reads a header. */
export function parseHeader(path: string, source: string): Header {
  const tokens = tokenize(source);
  return { path, tokens, roles: classify(tokens) };
}

/** The path that an #include names, undefined when it is computed. */
function includeOperand(token: Token): string | undefined {
  return token.kind === 'header' ? token.text.slice(1, -1) : undefined;
}

/** Path of the header that `operand`, included by `from`, is in the tree, if it is there. */
function resolve(headers: ReadonlyMap<string, Header>, from: string, operand: Token): string | undefined {
  const name = includeOperand(operand);
  if (name === undefined) return undefined;
  const sibling = `${from.slice(0, from.lastIndexOf('/') + 1)}${name}`;
  if (operand.text.startsWith('"') && headers.has(sibling)) return sibling;
  const path = includesOfLibc.get(name) ?? name;
  return headers.has(path) ? path : undefined;
}

/** All headers together: what they declare, and where. */
export class HeaderTree {
  readonly headers: ReadonlyMap<string, Header>;
  /** Headers that declare a name, by name; tags apart from the others. */
  private readonly declaredIn = new Map<string, Set<string>>();
  private readonly tagsIn = new Map<string, Set<string>>();
  private readonly tagsNamed = new Set<string>();
  private readonly macrosIn = new Map<string, Set<string>>();
  private readonly pasting = new Map<string, readonly ArgumentUse[]>([...tagMacros].map((name) => [name, ['begins']]));
  private readonly reachable = new Map<string, Set<string>>();

  constructor(headers: Iterable<Header>) {
    this.headers = new Map([...headers].map((header) => [header.path, header]));
    for (const header of this.headers.values()) this.collect(header);
    for (const header of this.headers.values()) this.collectTagAliases(header);
  }

  /** `#define TAG OTHER`, where there is a struct TAG, makes OTHER a tag. */
  private collectTagAliases({ tokens, roles }: Header): void {
    for (const [index, role] of roles) {
      const alias = tokens[index + 2]?.text ?? '';
      if (role === 'macro' && this.tagsNamed.has(tokens[index]?.text ?? '') && roles.get(index + 2) === 'use')
        this.tagsNamed.add(alias);
    }
  }

  private collect({ path, tokens, roles }: Header): void {
    for (const [name, uses] of findPasting(tokens)) this.pasting.set(name, uses);
    const add = (map: Map<string, Set<string>>, name: string): void => {
      const paths = map.get(name);
      if (paths === undefined) map.set(name, new Set([path]));
      else paths.add(path);
    };
    for (const [index, role] of roles) {
      const name = tokens[index]?.text ?? '';
      if (standardNames.has(name) || gnuKeywords.has(name)) continue;
      if (role === 'tag') {
        this.tagsNamed.add(name);
        let after = index + 1;
        while (tokens[after] !== undefined && !isSignificant(tokens[after] as Token)) after++;
        if (tokens[after]?.text === '{') add(this.tagsIn, name);
      } else if (
        role === 'macro' ||
        role === 'typedef' ||
        role === 'function' ||
        role === 'object' ||
        role === 'enumerator'
      ) {
        add(this.declaredIn, name);
        if (role === 'macro') add(this.macrosIn, name);
      }
    }
  }

  /** Headers that define the struct, union or enum. */
  definitionsOfTag(tag: string): readonly string[] {
    return [...(this.tagsIn.get(tag) ?? [])];
  }

  /** Headers that declare the ordinary name. */
  declarationsOf(name: string): readonly string[] {
    return [...(this.declaredIn.get(name) ?? [])];
  }

  /** The header and all that it includes. */
  closure(path: string): ReadonlySet<string> {
    const known = this.reachable.get(path);
    if (known !== undefined) return known;
    const found = new Set([path]);
    for (const at of found)
      for (const token of this.headers.get(at)?.tokens ?? []) {
        const target = resolve(this.headers, at, token);
        if (target !== undefined) found.add(target);
      }
    this.reachable.set(path, found);
    return found;
  }

  /** Whether the name is a macro in the header's view. */
  private isMacro(path: string, name: string): boolean {
    const places = this.macrosIn.get(name);
    if (places === undefined) return false;
    const closure = this.closure(path);
    return [...places].some((place) => closure.has(place));
  }

  private renamed(path: string, { text: name, directive }: Token, role: Role): string {
    if (standardNames.has(name) || gnuKeywords.has(name)) return name;
    switch (role) {
      case 'macro':
      case 'pasted':
      case 'tag':
      case 'enumerator':
      case 'typedef':
      case 'function':
      case 'object':
        return prefixed(name);
      case 'parameter':
        return name;
      case 'condition':
        return isCompilerMacro(name) ? name : prefixed(name);
      case 'member':
        return this.isMacro(path, name) || cxxKeywords.has(name) || libcMacros.has(name) ? prefixed(name) : name;
      case 'use':
        if (this.declaredIn.has(name) || cxxKeywords.has(name)) return prefixed(name);
        // A macro can stand for a tag; elsewhere, variables may be called like one.
        return directive === 'define' && this.tagsNamed.has(name) ? prefixed(name) : name;
    }
  }

  private rewriteInclude(path: string, token: Token): string {
    const target = resolve(this.headers, path, token);
    if (target === undefined) return token.text;
    return `<lkl/${target}>`;
  }

  /** The header of ours for an internal one of the kernel that a header needs for a name, and does not include. */
  private kernelHeaderFor(path: string, name: string, role: Role): string | undefined {
    if (role !== 'use' && role !== 'tag') return undefined;
    const places = role === 'tag' ? this.definitionsOfTag(name) : this.declarationsOf(name);
    const closure = this.closure(path);
    if (places.some((place) => closure.has(place))) return undefined;
    return places.find((place) => place.startsWith('kernel/'));
  }

  /** New names of the identifiers in arguments of macros that paste them, by index. */
  private pastedArguments({ tokens, roles }: Header): Map<number, string> {
    const names = new Map<number, string>();
    for (const [index, role] of roles) {
      const uses = role === 'use' ? this.pasting.get(tokens[index]?.text ?? '') : undefined;
      if (uses === undefined || tokens[index + 1]?.text !== '(') continue;
      let argument = 0;
      for (let at = index + 2; tokens[at] !== undefined && tokens[at]?.text !== ')'; at++) {
        const { text = '', kind = '' } = tokens[at] ?? {};
        if (text === ',') argument++;
        if (kind !== 'identifier' || roles.get(at) === 'parameter') continue;
        if (uses[argument] === 'begins') names.set(at, prefixed(text));
        if (uses[argument] === 'continues') names.set(at, text);
      }
    }
    return names;
  }

  /** The header with prefixed names. */
  rewrite(header: Header): string {
    const { path, tokens, roles } = header;
    const parts: string[] = [];
    const pasted = this.pastedArguments(header);
    const present = new Set(tokens.map(includeOperand));
    const needs = new Set<string>();
    const missing = missingIncludes.get(path);
    if (missing !== undefined) needs.add(`lkl/${missing}`);
    tokens.forEach((token, index) => {
      const role = roles.get(index);
      if (role === undefined) {
        parts.push(includeOperand(token) === undefined ? token.text : this.rewriteInclude(path, token));
        return;
      }
      const standard = role === 'use' ? standardNames.get(token.text) : undefined;
      if (standard !== undefined && !present.has(standard)) needs.add(standard);
      const kernelHeader = this.kernelHeaderFor(path, token.text, role);
      if (kernelHeader !== undefined) needs.add(`lkl/${kernelHeader}`);
      parts.push(pasted.get(index) ?? replacedNames.get(token.text) ?? this.renamed(path, token, role));
    });

    const warning = ignoredWarnings.get(path);
    const licence = parts[0]?.startsWith('/* SPDX') ? `${parts.shift()}\n` : '';
    return [
      licence,
      `/* Made from the kernel's <${path}> by linux/scripts/gen-headers.ts. */\n`,
      ...[...needs].sort().map((name) => `#include <${name}>\n`),
      ...(warning === undefined ? [] : [`#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored "${warning}"\n`]),
      ...parts,
      ...(warning === undefined ? [] : ['#pragma GCC diagnostic pop\n']),
    ].join('');
  }
}
