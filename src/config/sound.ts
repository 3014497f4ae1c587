// SPDX-License-Identifier: GPL-2.0-or-later
import { tooDeep } from './depth.ts';
import { checkDocument } from './document.ts';

/**
 * The document of a text with which nothing is wrong, else undefined. This is what every start of a program waits for;
 * where everything stands, the parser of source.ts finds out when there is something to say.
 */
export function readSound(text: string): unknown {
  if (tooDeep(text) !== undefined) {
    return undefined;
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  return hasTwice(text, document) || checkDocument(document).length > 0 ? undefined : document;
}

/** Does a member stand twice in the text of a document? */
export function hasTwice(text: string, document: unknown): boolean {
  return countNames(text) !== countMembers(document);
}

/** How many members a valid text has: a string before a colon is a name. */
function countNames(text: string): number {
  let names = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)) {
    names += colon === ':' ? 1 : 0;
  }
  return names;
}

/** How many members are left of them when the last one of each name has won. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  const inner = Object.values(value).reduce<number>((count, member) => count + countMembers(member), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}
