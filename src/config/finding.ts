// SPDX-License-Identifier: GPL-2.0-or-later

/** A place in a text, in Unicode characters: line and column count from 1, the offset from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Where a value stands in a document: member names and array indices from the top. */
export type KeyPath = readonly (string | number)[];

/** An error keeps a configuration from working, a warning is probably not meant, an info could be better. */
export const SEVERITIES = ['info', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Another place that a finding is about. */
export interface Related {
  readonly message: string;
  readonly range: Range;
}

/** Text that takes the place of a range. */
export interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** A change that is safe to make without asking. */
export interface Fix {
  /** What it does, as an order: `rename "masklen" to "masklen6"`. */
  readonly description: string;
  readonly edits: readonly Edit[];
}

/** Something that is wrong with a configuration. Whoever shows it needs nothing else. */
export interface Finding {
  /** A name of the table in rules/index.ts. */
  readonly rule: string;
  readonly severity: Severity;
  readonly path: KeyPath;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
  /** Absent for what stands in no text, such as an environment variable. */
  readonly range?: Range;
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}

/** `interfaces[0].ip`, as people write it. */
export function pathText(path: KeyPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** `/interfaces/0/ip`, as programs write it (RFC 6901). */
export function pointerText(path: KeyPath): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A text by which paths are compared. */
export function pathId(path: KeyPath): string {
  return path.join('\0');
}
