// SPDX-License-Identifier: GPL-2.0-or-later
import type { Finding, KeyPath } from './finding.ts';

/** The value of an environment variable. */
export type Lookup = (name: string) => string | undefined;

export interface Substituted {
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

const START = '${';
/** Two dollars stand for one; then `${NAME}`, with an operator of the shell (POSIX.1, 2.6.2) if wanted. */
const REFERENCE = /\$\$(?=\{)|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?])([^}]*))?\}|[^}]*\}?)/g;

/** Whether substitution would change a text. */
export function hasReferences(text: string): boolean {
  return text.includes(START);
}

/** Replaces references to variables in all strings of a value. Names of members stay as they are. */
export function substitute(value: unknown, lookup: Lookup, path: KeyPath = []): Substituted {
  if (typeof value === 'string') {
    return hasReferences(value) ? substituteText(value, lookup, path) : { value, findings: [] };
  }
  if (typeof value !== 'object' || value === null) {
    return { value, findings: [] };
  }
  const findings: Finding[] = [];
  const inner = (member: unknown, step: string | number): unknown => {
    const substituted = substitute(member, lookup, [...path, step]);
    findings.push(...substituted.findings);
    return substituted.value;
  };
  const members = Array.isArray(value)
    ? value.map(inner)
    : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inner(member, name)]));
  return { value: members, findings };
}

function substituteText(text: string, lookup: Lookup, path: KeyPath): Substituted {
  const findings: Finding[] = [];
  const complain = (message: string, help: string): string => {
    findings.push({ rule: 'variable', severity: 'error', path, message, help });
    return '';
  };
  const value = text.replace(REFERENCE, (reference, name?: string, operator = '', word = '') => {
    if (reference === '$$') {
      return '$';
    }
    if (name === undefined) {
      return complain(
        `${JSON.stringify(reference)} is not a reference to a variable`,
        'write ${NAME} or ${NAME:-DEFAULT}; $${ stands for ${ itself',
      );
    }
    const found = lookup(name);
    if (found !== undefined && !(found === '' && operator.startsWith(':'))) {
      return found;
    }
    if (operator.endsWith('-')) {
      return word;
    }
    const state = found === undefined ? 'not set' : 'empty';
    return complain(
      `the variable ${name} is ${state}${word === '' ? '' : `: ${word}`}`,
      `set it, or write \${${name}:-DEFAULT}`,
    );
  });
  return { value, findings };
}
