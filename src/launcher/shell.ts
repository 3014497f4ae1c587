// SPDX-License-Identifier: GPL-2.0-or-later
import type { Plan, RunPlan } from './plan.ts';

/** The last line of every plan, by which bin/lkl-hijack knows that it got all of it. */
const END = '# planned';

/** Quotes a text for the shell: between single quotes nothing but the quote itself is special. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Quotes only what needs it, for commands that people read and paste. */
export function quoteIfNeeded(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : quote(text);
}

/**
 * The plan as shell code. bin/lkl-hijack evaluates it while its positional parameters are the launcher's own arguments,
 * and then executes what the positional parameters are.
 */
export function planToShell(plan: Plan): string {
  const lines = plan.kind === 'print' ? [`printf %s ${quote(plan.text)} || exit 125`, 'exit 0'] : runLines(plan);
  return [...lines, END].join('\n');
}

function runLines(plan: RunPlan): string[] {
  const lines = [`shift ${plan.program === undefined ? plan.skip : plan.skip + 1}`];
  if (plan.program !== undefined) {
    lines.push(`set -- ${quote(plan.program)} "$@"`);
  }
  for (const [name, value] of plan.variables) {
    lines.push(`export ${name}=${quote(value)}`);
  }
  if (plan.restore.length > 0) {
    lines.push(`set -- /usr/bin/env ${plan.restore.map(quote).join(' ')} "$@"`);
  }
  return lines;
}
