// SPDX-License-Identifier: GPL-2.0-or-later
import { checkDocument, type DocumentOptions } from './document.ts';
import { type Finding, pathId, type Range } from './finding.ts';
import { placeFinding } from './place.ts';
import { type Comment, parseSource } from './source.ts';
import type { Syntax } from './syntax.ts';

/** What came of reading a configuration. */
export interface Checked {
  readonly findings: readonly Finding[];
  /** What stands there, if it is JSON. */
  readonly document: unknown;
  readonly comments: readonly Comment[];
}

export interface CheckOptions extends Partial<Pick<DocumentOptions, 'scope' | 'judge'>> {
  readonly syntax?: Syntax;
}

/**
 * Checks the text of a configuration file: everything that is wrong with it, in the order of the text. Unless told
 * otherwise that is what the library finds wrong too.
 */
export function checkText(text: string, { syntax = 'json', scope = 'fatal', judge }: CheckOptions = {}): Checked {
  const source = parseSource(text, syntax);
  const twice = (path: Finding['path']): boolean => source.count(path) > 1;
  const unplaced =
    source.value === undefined
      ? []
      : checkDocument(source.value, { scope, twice, ...(judge === undefined ? {} : { judge }) });
  const explained = new Set(unplaced.flatMap(({ explains = [] }) => explains.map(pathId)));
  const findings = [
    ...source.findings.filter(({ path }) => path.length === 0 || !explained.has(pathId(path))),
    // What was invented where something is missing is not to be complained of.
    ...unplaced
      .map((finding) => placeFinding(finding, source))
      .filter(({ range }) => range === undefined || !isEmpty(range)),
  ];
  const offset = (finding: Finding): number => finding.range?.start.offset ?? 0;
  return {
    findings: findings.sort((a, b) => offset(a) - offset(b)),
    document: source.value,
    comments: source.comments,
  };
}

function isEmpty({ start, end }: Range): boolean {
  return start.offset === end.offset;
}
