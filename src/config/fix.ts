// SPDX-License-Identifier: GPL-2.0-or-later
import type { Edit, Finding } from './finding.ts';
import { applyEdits } from './text.ts';

/** More often than this no fix brings another one to light. */
const PASSES = 10;

/** The text with all that can safely be put right, and how many findings that were. */
export function fixText(text: string, check: (text: string) => readonly Finding[]): { text: string; fixed: number } {
  let now = text;
  let fixed = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    const fixes = compatible(check(now));
    if (fixes.length === 0) {
      break;
    }
    const next = applyEdits(now, fixes.flat());
    if (next === now) {
      break;
    }
    now = next;
    fixed += fixes.length;
  }
  return { text: now, fixed };
}

/** Fixes that do not touch one another: each is made whole or waits for the next pass. */
function compatible(findings: readonly Finding[]): (readonly Edit[])[] {
  const taken: Edit[] = [];
  const fixes: (readonly Edit[])[] = [];
  for (const { fix } of findings) {
    if (fix !== undefined && !fix.edits.some((edit) => taken.some((other) => touches(edit, other)))) {
      taken.push(...fix.edits);
      fixes.push(fix.edits);
    }
  }
  return fixes;
}

function touches({ range: one }: Edit, { range: other }: Edit): boolean {
  return one.start.offset <= other.end.offset && other.start.offset <= one.end.offset;
}
