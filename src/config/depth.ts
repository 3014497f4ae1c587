// SPDX-License-Identifier: GPL-2.0-or-later

/** Far more than any configuration has, and far less than what a stack holds that follows the levels. */
export const MAX_DEPTH = 64;

/** Where a text is nested deeper than that, as an index into it; undefined where it is not. */
export function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[[\]{}]/g)) {
    if (token === '[' || token === '{') {
      depth++;
    } else if (token === ']' || token === '}') {
      depth--;
    }
    if (depth > MAX_DEPTH) {
      return index;
    }
  }
  return undefined;
}
