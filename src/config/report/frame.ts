// SPDX-License-Identifier: GPL-2.0-or-later
import type { Range } from '../finding.ts';

/** A part of a text that is pointed at. */
export interface Label {
  readonly range: Range;
  readonly message: string;
  /** The one that the finding is about. */
  readonly primary: boolean;
}

/** Colours a part of the frame. */
export type Paint = (part: 'gutter' | 'primary' | 'secondary', text: string) => string;

/**
 * The lines of a text that labels are in, with one more around the primary, and what they point at underlined:
 *
 *     3 |   "mtu": "900",
 *       |          ^^^^^
 */
export function frame(text: string, labels: readonly Label[], paint: Paint): string {
  const lines = text.split(/\r?\n/);
  const wanted = new Set<number>();
  for (const { range, primary } of labels) {
    const margin = primary ? 1 : 0;
    for (let line = range.start.line - margin; line <= range.start.line + margin; line++) {
      if (line >= 1 && line <= lines.length && (lines[line - 1] !== '' || line === range.start.line)) {
        wanted.add(line);
      }
    }
  }
  const shown = [...wanted].sort((a, b) => a - b);
  const width = String(shown.at(-1) ?? 1).length;
  const gutter = (number: string): string => paint('gutter', `${number.padStart(width + 1)} |`);
  const output: string[] = [];
  for (const [index, line] of shown.entries()) {
    if (index > 0 && line !== (shown[index - 1] ?? 0) + 1) {
      output.push(paint('gutter', `${' '.repeat(width + 1)}...`));
    }
    const content = lines[line - 1] ?? '';
    output.push(`${gutter(String(line))} ${expand(content)}`.trimEnd());
    for (const label of labels.filter(({ range }) => range.start.line === line)) {
      output.push(`${gutter('')} ${underline(content, label, paint)}`);
    }
  }
  return output.map((line) => `${line}\n`).join('');
}

function underline(content: string, { range: { start, end }, message, primary }: Label, paint: Paint): string {
  const characters = [...content];
  const stop = end.line === start.line ? end.column - 1 : characters.length;
  const before = columns(characters.slice(0, start.column - 1).join(''));
  const length = Math.max(1, columns(characters.slice(start.column - 1, stop).join('')));
  const marks = (primary ? '^' : '-').repeat(length);
  const text = message === '' ? marks : `${marks} ${message}`;
  return `${' '.repeat(before)}${paint(primary ? 'primary' : 'secondary', text)}`;
}

/** Tabs as blanks, and what would move the cursor as a mark. */
function expand(text: string): string {
  return text.replaceAll('\t', '    ').replace(/\p{Cc}/gu, '\ufffd');
}

/** How many columns of a terminal a text takes: those of East Asia are twice as wide. */
function columns(text: string): number {
  return [...expand(text)].reduce((width, character) => {
    return (
      width +
      (/\p{M}/u.test(character)
        ? 0
        : /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
              character,
            )
          ? 2
          : 1)
    );
  }, 0);
}
