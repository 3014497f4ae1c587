// SPDX-License-Identifier: GPL-2.0-or-later
import { checkDocument, type DocumentOptions } from './document.ts';
import { type Finding, type KeyPath, pathId, type Range } from './finding.ts';
import { inPlace, placeFinding } from './place.ts';
import { fatalRules } from './rules/fatal.ts';
import { type Comment, parseSource } from './source.ts';
import { substitute } from './substitute.ts';
import type { Syntax } from './syntax.ts';

/** What came of reading a configuration. */
export interface Checked {
  readonly findings: readonly Finding[];
  /** What stands there, if it is JSON. */
  readonly document: unknown;
  readonly comments: readonly Comment[];
}

export interface CheckOptions extends Partial<Pick<DocumentOptions, 'rules' | 'judge'>> {
  readonly syntax?: Syntax;
  /** Whether `${VAR}` stands for a variable, whose value shows at a start only. */
  readonly references?: true;
}

/**
 * Checks the text of a configuration file: everything that is wrong with it, in the order of the text. Unless told
 * otherwise that is what the library finds wrong too.
 */
export function checkText(text: string, options: CheckOptions = {}): Checked {
  const { syntax = 'json', rules = fatalRules, judge, references } = options;
  const source = parseSource(text, syntax);
  const filled = references ? substitute(source.value, () => undefined) : undefined;
  const document = filled === undefined ? source.value : filled.value;
  const open = [...(filled?.findings ?? []), ...(filled?.unset ?? [])].map(({ path }) => memberOf(path));
  const twice = (path: Finding['path']): boolean => source.count(path) > 1;
  const unplaced =
    document === undefined
      ? []
      : checkDocument(document, { rules, twice, open, ...(judge === undefined ? {} : { judge }) });
  const explained = new Set(unplaced.flatMap(({ explains = [] }) => explains.map(pathId)));
  const findings = [
    ...source.findings.filter(({ path }) => path.length === 0 || !explained.has(pathId(path))),
    ...(filled?.findings ?? []).map((finding) => inPlace(finding, source)),
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

/** The member that a value is in: a list is not known when an element of it is not. */
function memberOf(path: KeyPath): KeyPath {
  return path.slice(0, path.findLastIndex((step) => typeof step === 'string') + 1);
}

function isEmpty({ start, end }: Range): boolean {
  return start.offset === end.offset;
}
