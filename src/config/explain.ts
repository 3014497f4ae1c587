// SPDX-License-Identifier: GPL-2.0-or-later
import { TAP_VARIABLE } from './environment.ts';
import type { KeyInfo } from './key.ts';
import { globalKeys, interfaceKeys } from './keys.ts';
import { meanings, stands } from './meanings.ts';
import { INTERFACES_DESCRIPTION, rows } from './model.ts';
import { nearest } from './nearest.ts';
import { findRule, rules } from './rules/index.ts';
import { otherVariables } from './variables.ts';

interface NamedKey {
  readonly name: string;
  readonly info: KeyInfo;
  readonly where: string;
}

/** Every key, and where it stands. */
export function allKeys(): NamedKey[] {
  return [
    ...rows(globalKeys).map(([name, info]) => ({ name, info, where: 'at the top' })),
    ...rows(interfaceKeys).map(([name, info]) => ({ name, info, where: 'of an interface' })),
  ];
}

export interface Explanation {
  readonly text: string;
  /** Whether there is such a thing, and it is right. */
  readonly sound: boolean;
}

/** Explains a key, a variable, or values of a key. */
export function explainKey(name: string, values: readonly string[]): Explanation | undefined {
  const key = findKey(name);
  if (key === undefined) {
    return name === 'interfaces' && values.length === 0 ? { text: explainInterfaces(), sound: true } : undefined;
  }
  if (values.length === 0) {
    return { text: keyText(key), sound: true };
  }
  const parts = values.map((value) => valueText(key, value));
  return { text: parts.map(({ text }) => text).join(''), sound: parts.every(({ sound }) => sound) };
}

/** Explains a value by whatever key could have it and has something to say about it. */
export function explainValue(value: string): Explanation | undefined {
  const keys = allKeys().filter(
    ({ name, info }) => meanings[name] !== undefined && info.kind.decode(value) !== undefined,
  );
  const meaning = new Map<string, string[]>();
  for (const { name } of keys) {
    const text = (meanings[name]?.(value) ?? []).map((line) => `  ${line}\n`).join('');
    meaning.set(text, [...(meaning.get(text) ?? []), name]);
  }
  const texts = [...meaning].map(([text, names]) => `${value} as ${names.join(', ')}\n${text}`);
  return texts.length === 0 ? undefined : { text: texts.join(''), sound: true };
}

export function explainRule(id: string): Explanation | undefined {
  const rule = findRule(id);
  if (rule === undefined) {
    return undefined;
  }
  const indent = (text: string): string => text.replace(/^/gm, '    ');
  const lines = [
    `${rule.id}, a rule (${rule.severity})`,
    `  ${rule.summary}`,
    `  ${rule.details}`,
    `  wrong:\n${indent(rule.bad)}`,
    `  right:\n${indent(rule.good)}`,
  ];
  return { text: `${lines.join('\n')}\n`, sound: true };
}

/** Explains a variable that stands for no key. */
export function explainVariable(name: string): Explanation | undefined {
  const text =
    name === TAP_VARIABLE
      ? 'The oldest form of an interface: the tap device; set LKL_HIJACK_NET_IFTYPE and LKL_HIJACK_NET_IFPARAMS.'
      : Object.hasOwn(otherVariables, name)
        ? otherVariables[name]
        : undefined;
  return text === undefined ? undefined : { text: `${name}, a variable\n  ${text}\n`, sound: true };
}

/** The key, variable or rule that was probably meant. */
export function nearestSubject(word: string): string | undefined {
  const keys = allKeys().flatMap(({ name, info }) => (info.variable === undefined ? [name] : [name, info.variable]));
  return nearest(word, [...keys, TAP_VARIABLE, ...Object.keys(otherVariables), ...rules.map(({ id }) => id)]);
}

/** By its name, its variable, or its whole path. */
function findKey(word: string): NamedKey | undefined {
  const name = /^interfaces(?:\[\d+\]|\.\d+|\[\]|\.)?\.?([^.]+)$/.exec(word)?.[1] ?? word;
  return allKeys().find((key) => key.name === name || key.info.variable === name);
}

function keyText({ name, info, where }: NamedKey): string {
  const lines = [
    `${name}, ${where}`,
    `  ${info.description}`,
    `  form      ${info.kind.form}`,
    ...(info.default === undefined ? [] : [`  default   ${info.default}`]),
    ...(info.variable === undefined ? [] : [`  variable  ${info.variable}`]),
    ...info.examples.map((example) => `  example   "${name}": ${JSON.stringify(example)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function valueText({ name, info }: NamedKey, given: string): Explanation {
  const value = info.kind.decode(given) === undefined ? (stands[name]?.(given) ?? given) : given;
  if (info.kind.decode(value) === undefined) {
    return { text: `${name} ${value}\n  is not ${info.kind.form}\n`, sound: false };
  }
  const lines = meanings[name]?.(value) ?? [`is ${info.kind.form}`];
  const shown = name === 'sysctl' ? given : value;
  return { text: `${name} ${shown}\n${lines.map((line) => `  ${line}\n`).join('')}`, sound: true };
}

function explainInterfaces(): string {
  const names = rows(interfaceKeys).map(([name]) => name);
  return `interfaces, at the top\n  ${INTERFACES_DESCRIPTION}\n  keys      ${names.join(', ')}\n`;
}
