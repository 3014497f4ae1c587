// SPDX-License-Identifier: GPL-2.0-or-later
import { checkDocument } from './document.ts';
import type { Finding } from './finding.ts';
import { parseSource } from './source.ts';

/** What came of reading a configuration. */
export interface Checked {
  readonly findings: readonly Finding[];
  /** What stands there, if it is JSON. */
  readonly document: unknown;
}

/** Checks the text of a configuration file: everything that is wrong with it, in the order of the text. */
export function checkText(text: string): Checked {
  const source = parseSource(text);
  if (source.value === undefined) {
    return { findings: source.findings, document: undefined };
  }
  const placed = checkDocument(source.value).map(({ part, ...finding }): Finding => {
    const range = source.locate(finding.path, part);
    return range === undefined ? finding : { ...finding, range };
  });
  const findings = [...source.findings, ...placed];
  const offset = (finding: Finding): number => finding.range?.start.offset ?? 0;
  return { findings: findings.sort((a, b) => offset(a) - offset(b)), document: source.value };
}
