// SPDX-License-Identifier: GPL-2.0-or-later
import type { Edit, Position, Range } from './finding.ts';

/** Tells positions of offsets in UTF-16 units, which is how the language counts. */
export class Positions {
  readonly #text: string;
  readonly #lines: readonly number[];
  readonly #wide: boolean;

  constructor(text: string) {
    this.#text = text;
    this.#lines = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    this.#wide = /[\ud800-\udbff]/.test(text);
  }

  at(unit: number): Position {
    let line = 0;
    for (let above = this.#lines.length; line + 1 < above; ) {
      const middle = (line + above) >> 1;
      if ((this.#lines[middle] ?? 0) <= unit) {
        line = middle;
      } else {
        above = middle;
      }
    }
    const start = this.#lines[line] ?? 0;
    return {
      line: line + 1,
      column: this.#characters(start, unit) + 1,
      offset: this.#characters(0, unit),
    };
  }

  /** The offset in UTF-16 units of one in characters. */
  unit(characters: number): number {
    return this.#wide ? [...this.#text].slice(0, characters).join('').length : characters;
  }

  range(start: number, end: number): Range {
    return { start: this.at(start), end: this.at(end) };
  }

  #characters(start: number, end: number): number {
    return this.#wide ? [...this.#text.slice(start, end)].length : end - start;
  }
}

/** The text after some edits; those that overlap an earlier one are left out. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const characters = [...text];
  const sorted = [...edits].sort((a, b) => a.range.start.offset - b.range.start.offset);
  let result = '';
  let done = 0;
  for (const { range, text: replacement } of sorted) {
    if (range.start.offset >= done) {
      result += characters.slice(done, range.start.offset).join('') + replacement;
      done = range.end.offset;
    }
  }
  return result + characters.slice(done).join('');
}
