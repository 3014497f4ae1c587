// SPDX-License-Identifier: GPL-2.0-or-later
//
// A new configuration, of answers to questions.
import { globalKeys, interfaceKeys } from './keys.ts';
import { rows } from './model.ts';
import { interfaceTypes } from './types.ts';

type Answers = ReadonlyMap<string, string>;

export interface Question {
  /** Of the option that answers it too. */
  readonly name: string;
  /** Undefined when other answers make it needless. */
  readonly question: (answers: Answers) => string | undefined;
}

const OF_INTERFACE = (text: string) => (answers: Answers) => (answers.has('type') ? text : undefined);

export const QUESTIONS: readonly Question[] = [
  {
    name: 'type',
    question: () => `Type of the interface: ${Object.keys(interfaceTypes).join(', ')} (empty: none but lo)`,
  },
  {
    name: 'param',
    question: (answers) => {
      const param = interfaceTypes[answers.get('type') ?? '']?.param;
      return param === undefined || param.form === 'empty' ? undefined : `What it is on the host: ${param.form}`;
    },
  },
  { name: 'ip', question: OF_INTERFACE('IPv4 address and prefix length, such as 192.168.13.2/24 (empty: none)') },
  { name: 'gateway', question: (answers) => (answers.has('ip') ? 'IPv4 default gateway (empty: none)' : undefined) },
  { name: 'ipv6', question: OF_INTERFACE('IPv6 address and prefix length, such as fd13::2/64 (empty: none)') },
  { name: 'gateway6', question: (answers) => (answers.has('ipv6') ? 'IPv6 default gateway (empty: none)' : undefined) },
  { name: 'mtu', question: OF_INTERFACE('Largest packet in bytes (empty: 1500)') },
];

/** Which keys an answer is for: what stands before a slash and after it. */
const KEYS: Readonly<Record<string, readonly [key: string, length?: string]>> = {
  tap: ['param'],
  ip: ['ip', 'masklen'],
  ipv6: ['ipv6', 'masklen6'],
};

function keysOf(name: string): readonly [key: string, length?: string] {
  return KEYS[name] ?? [name];
}

/** What is wrong with an answer; undefined for nothing. */
export function checkAnswer(name: string, answer: string): string | undefined {
  const [key, length] = keysOf(name);
  const [value = '', prefix, ...rest] = length === undefined ? [answer] : answer.split('/');
  if (rest.length > 0 || (length !== undefined && prefix === undefined)) {
    return `${JSON.stringify(answer)} is not an address and a prefix length with a slash between them`;
  }
  return problem(key, value) ?? (length === undefined ? undefined : problem(length, prefix ?? ''));
}

function problem(key: string, value: string): string | undefined {
  const kind = kindOf(key);
  return value !== '' && kind?.decode(value) !== undefined
    ? undefined
    : `${JSON.stringify(value)} is not ${kind?.form ?? 'known'}`;
}

function kindOf(key: string) {
  const row = [...rows(globalKeys), ...rows(interfaceKeys)].find(([name]) => name === key);
  return row?.[1].kind;
}

/** The document that answers make. */
export function answersDocument(answers: Answers): Record<string, unknown> {
  const top: Record<string, unknown> = {};
  const one: Record<string, unknown> = answers.has('tap') ? { type: 'tap' } : {};
  for (const [name, answer] of answers) {
    const [key, length] = keysOf(name);
    const [value, prefix] = length === undefined ? [answer] : answer.split('/');
    const members = name in globalKeys ? top : one;
    members[key] = value;
    if (length !== undefined) {
      members[length] = prefix;
    }
  }
  return { $schema: SCHEMA, ...top, ...(Object.keys(one).length === 0 ? {} : { interfaces: [one] }) };
}

const SCHEMA = './node_modules/lkl-hijack/schemas/lkl-hijack.schema.json';

/** The text of a new file; where its name allows it, with what each key is. */
export function initialText(document: Readonly<Record<string, unknown>>, file: string): string {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (!/\.(json5|jsonc)$/i.test(file)) {
    return text;
  }
  const descriptions = new Map([...rows(globalKeys), ...rows(interfaceKeys)].map(([name, info]) => [name, info]));
  return text.replace(/^( *)"([^"]+)":/gm, (member, indent: string, name: string) => {
    const info = descriptions.get(name);
    return info === undefined ? member : `${indent}// ${info.description}\n${member}`;
  });
}
