// SPDX-License-Identifier: GPL-2.0-or-later
import { type Checked, checkText } from './check.ts';
import { tooDeep } from './depth.ts';
import { checkDocument } from './document.ts';
import type { Finding } from './finding.ts';
import { refusedPaths } from './judge.ts';
import { rules } from './rules/index.ts';
import type { Rule } from './rules/rule.ts';
import { applySettings, type Settings } from './settings.ts';
import { hasTwice } from './sound.ts';
import { hasReferences } from './substitute.ts';
import { suppress } from './suppress.ts';
import { syntaxOf } from './syntax.ts';

/** All rules but those that look at the host. */
const still = rules.filter(({ live }) => !live);

/** All that is to be said of the text of a file, whose name tells the syntax. */
export function lintText(text: string, file: string, settings: Settings, live = false): Finding[] {
  const chosen = live ? rules : still;
  if (isClean(text, chosen)) {
    return [];
  }
  const { findings, comments }: Checked = checkText(text, {
    rules: chosen,
    judge: refusedPaths,
    references: true,
    syntax: file === '-' ? 'json' : syntaxOf(file),
  });
  const kept = applySettings(suppress(findings, comments), settings);
  return kept.filter(({ rule, path, range }, index) => {
    // A rule may come upon one thing in two ways.
    const same = (other: Finding): boolean =>
      other.rule === rule && other.range?.start.offset === range?.start.offset && other.path.length === path.length;
    return kept.findIndex(same) === index;
  });
}

/** Plain JSON with which nothing is wrong, and without references, needs no places: that is most files, and quick. */
function isClean(text: string, chosen: readonly Rule[]): boolean {
  let document: unknown;
  if (hasReferences(text)) {
    return false;
  }
  if (tooDeep(text) !== undefined) {
    return false;
  }
  try {
    document = JSON.parse(text);
  } catch {
    return false;
  }
  return !hasTwice(text, document) && checkDocument(document, { rules: chosen, judge: refusedPaths }).length === 0;
}
