// SPDX-License-Identifier: GPL-2.0-or-later
import type { Finding, KeyPath } from './finding.ts';

/** The value of an environment variable. */
export type Lookup = (name: string) => string | undefined;

export interface Substituted {
  readonly value: unknown;
  /** What is no reference, though it begins like one. */
  readonly findings: readonly Finding[];
  /** References to variables that have no value. They are left in place. */
  readonly unset: readonly Unset[];
}

/** What is wrong with a reference, and its text. */
export interface Unset extends Finding {
  readonly reference: string;
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
    return hasReferences(value) ? substituteText(value, lookup, path) : { value, findings: [], unset: [] };
  }
  if (typeof value !== 'object' || value === null) {
    return { value, findings: [], unset: [] };
  }
  const findings: Finding[] = [];
  const unset: Unset[] = [];
  const inner = (member: unknown, step: string | number): unknown => {
    const substituted = substitute(member, lookup, [...path, step]);
    findings.push(...substituted.findings);
    unset.push(...substituted.unset);
    return substituted.value;
  };
  const members = Array.isArray(value)
    ? value.map(inner)
    : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inner(member, name)]));
  return { value: members, findings, unset };
}

function substituteText(text: string, lookup: Lookup, path: KeyPath): Substituted {
  const findings: Finding[] = [];
  const unset: Unset[] = [];
  const finding = (message: string, help: string): Finding => {
    return { rule: 'reference', severity: 'error', path, message, help };
  };
  const value = text.replace(REFERENCE, (reference: string, name?: string, operator = '', word = '') => {
    if (reference === '$$') {
      return '$';
    }
    if (name === undefined) {
      const help = 'write ${NAME} or ${NAME:-DEFAULT}; $${ stands for ${ itself';
      findings.push(finding(`${JSON.stringify(reference)} is not a reference to a variable`, help));
      return reference;
    }
    const found = lookup(name);
    if (found !== undefined && !(found === '' && operator.startsWith(':'))) {
      return found;
    }
    if (operator.endsWith('-')) {
      return word;
    }
    const state = found === undefined ? 'not set' : 'empty';
    const message = `the variable ${name} is ${state}${word === '' ? '' : `: ${word}`}`;
    unset.push({ ...finding(message, `set it, or write \${${name}:-DEFAULT}`), reference });
    return reference;
  });
  return { value, findings, unset };
}
