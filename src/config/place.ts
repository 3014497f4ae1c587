// SPDX-License-Identifier: GPL-2.0-or-later
import type { Edit, Finding } from './finding.ts';
import type { Unplaced } from './messages.ts';
import type { Change } from './rules/rule.ts';
import type { Source } from './source.ts';

/** What is needed of a source to tell where something is; without the others nothing can be changed there. */
export type Place = Pick<Source, 'locate'> & Partial<Pick<Source, 'count' | 'rename' | 'replace' | 'remove'>>;

/** A finding with its places in a text. */
export function placeFinding(finding: Unplaced, source: Place | undefined): Finding {
  const { rule, severity, path, part, message, help, related = [], fix } = finding;
  const range = source?.locate(path, part);
  const places = related.flatMap((one) => {
    const at = source?.locate(one.path, one.part);
    return at === undefined ? [] : [{ message: one.message, range: at }];
  });
  const edits = fix === undefined || source === undefined ? [] : makeEdits(fix, source);
  return {
    rule,
    severity,
    path,
    message,
    ...(help === undefined ? {} : { help }),
    ...(range === undefined ? {} : { range }),
    ...(places.length === 0 ? {} : { related: places }),
    ...(fix === undefined || edits.length === 0 ? {} : { fix: { description: fix.description, edits } }),
  };
}

/** A finding about a value, which knows no place yet, with it. */
export function inPlace(finding: Finding, { locate }: Place): Finding {
  const range = locate(finding.path, 'value');
  return range === undefined ? finding : { ...finding, range };
}

function makeEdits(change: Change, { count, rename, replace, remove }: Place): Edit[] {
  switch (change.op) {
    case 'rename': {
      // Lest it stands twice then.
      const taken = count?.([...change.path.slice(0, -1), change.name]) ?? 0;
      return taken > 0 ? [] : (rename?.(change.path, change.name) ?? []);
    }
    case 'replace':
      return replace?.(change.path, change.value) ?? [];
    case 'remove':
      return remove?.(change.path) ?? [];
  }
}
