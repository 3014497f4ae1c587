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

export type Severity = 'error' | 'warning';

/** Something that is wrong with a configuration. Whoever shows it needs nothing else. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly path: KeyPath;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
  /** Absent for what stands in no text, such as an environment variable. */
  readonly range?: Range;
}

/** `interfaces[0].ip`, as people write it. */
export function pathText(path: KeyPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}
