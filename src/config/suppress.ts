// SPDX-License-Identifier: GPL-2.0-or-later
//
// Comments by which a file says that something in it is meant:
//
//     // lkl-config-disable-next-line ID, ID
//     "mtu": "576", // lkl-config-disable-line ID
//     // lkl-config-disable ID
//
// The last is for the whole file. Without an ID all rules are meant.
import type { Finding } from './finding.ts';
import { findRule } from './rules/index.ts';
import { unknownRule } from './settings.ts';
import type { Comment } from './source.ts';

const DIRECTIVE = /^(?:\/\/|\/\*)\s*lkl-config-disable(-next-line|-line)?(?=\s|\*\/|$)(.*?)(?:\*\/)?$/s;

interface Suppression {
  /** Undefined: in the whole file. */
  readonly line: number | undefined;
  readonly rules: readonly string[];
}

/** The findings that no comment is against; and those about comments that name no rule. */
export function suppress(findings: readonly Finding[], comments: readonly Comment[]): Finding[] {
  const unknown: Finding[] = [];
  const suppressions = comments.flatMap(({ text, range }): Suppression[] => {
    const match = DIRECTIVE.exec(text);
    if (match === null) {
      return [];
    }
    // What follows two dashes is the reason.
    const rules = (match[2]?.split('--')[0] ?? '').split(/[\s,]+/).filter((id) => id !== '');
    for (const id of rules.filter((one) => findRule(one) === undefined)) {
      unknown.push({ rule: 'unknown-rule', severity: 'warning', path: [], message: unknownRule(id), range });
    }
    const line = match[1] === '-next-line' ? range.end.line + 1 : match[1] === '-line' ? range.start.line : undefined;
    return [{ line, rules }];
  });
  const kept = findings.filter(
    ({ rule, range }) =>
      !suppressions.some(
        ({ line, rules }) =>
          (line === undefined || line === range?.start.line) && (rules.length === 0 || rules.includes(rule)),
      ),
  );
  return [...kept, ...unknown];
}
