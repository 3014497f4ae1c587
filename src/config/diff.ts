// SPDX-License-Identifier: GPL-2.0-or-later

const CONTEXT = 3;

interface Step {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

/** The difference of two texts in the unified format (diff(1) of POSIX.1-2008, -u); empty for none. */
export function unifiedDiff(name: string, before: string, after: string): string {
  const steps = compare(splitLines(before), splitLines(after));
  const hunks: string[] = [];
  let a = 1;
  let b = 1;
  for (let at = 0; at < steps.length; ) {
    const change = steps.findIndex((step, index) => index >= at && step.mark !== ' ');
    if (change < 0) {
      break;
    }
    const start = Math.max(at, change - CONTEXT);
    a += start - at;
    b += start - at;
    const end = endOfHunk(steps, change);
    const hunk = steps.slice(start, end);
    const old = hunk.filter(({ mark }) => mark !== '+').length;
    const fresh = hunk.filter(({ mark }) => mark !== '-').length;
    hunks.push(`@@ -${place(a, old)} +${place(b, fresh)} @@\n${hunk.map(({ mark, line }) => mark + line).join('')}`);
    a += old;
    b += fresh;
    at = end;
  }
  return hunks.length === 0 ? '' : `--- ${name}\n+++ ${name}\n${hunks.join('')}`;
}

/** Where the unchanged lines after a change are more than two hunks would show of them. */
function endOfHunk(steps: readonly Step[], change: number): number {
  let last = change;
  for (let index = change; index < steps.length && index - last <= 2 * CONTEXT; index++) {
    if (steps[index]?.mark !== ' ') {
      last = index;
    }
  }
  return Math.min(last + 1 + CONTEXT, steps.length);
}

/** An empty part is named by the line before it. */
function place(line: number, count: number): string {
  return `${count === 0 ? line - 1 : line},${count}`;
}

/** Lines with their ends; the last one without is marked as diff(1) does. */
function splitLines(text: string): string[] {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return lines.map((line) => (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`));
}

/** The shortest way from one list to the other: what both have in the same order is kept. */
function compare(before: readonly string[], after: readonly string[]): Step[] {
  // common[i][j]: how many lines the rest of both from i and j on have in common.
  const common = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const kept = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const row = common[i];
      if (row !== undefined) {
        row[j] = before[i] === after[j] ? kept(i + 1, j + 1) + 1 : Math.max(kept(i + 1, j), kept(i, j + 1));
      }
    }
  }
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const left = before[i];
    const right = after[j];
    if (left !== undefined && left === right) {
      steps.push({ mark: ' ', line: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || kept(i + 1, j) >= kept(i, j + 1))) {
      steps.push({ mark: '-', line: left });
      i++;
    } else if (right !== undefined) {
      steps.push({ mark: '+', line: right });
      j++;
    }
  }
  return steps;
}
