// SPDX-License-Identifier: GPL-2.0-or-later
import { type Finding, pathText, type Severity } from '../finding.ts';
import { frame, type Label, type Paint } from './frame.ts';
import type { Reporter } from './reporter.ts';

const COLORS = { error: '31', warning: '33', info: '36' } as const satisfies Record<Severity, string>;

/** For people: each finding with the lines that it is about. */
export const pretty: Reporter = (reports, { color }) => {
  const style = (codes: string, text: string): string => (color ? `\u001b[${codes}m${text}\u001b[0m` : text);
  return reports
    .flatMap(({ file, text, findings }) => findings.map((finding) => `${show(file, text, finding, style)}\n`))
    .join('');
};

function show(file: string, text: string, finding: Finding, style: (codes: string, text: string) => string): string {
  const { rule, severity, range, path, message, help, related = [], fix } = finding;
  const paint: Paint = (part, piece) =>
    style(part === 'gutter' ? '34' : part === 'primary' ? `1;${COLORS[severity]}` : '34', piece);
  const subject = path.length === 0 ? '' : `${pathText(path)}: `;
  const title = `${style(`1;${COLORS[severity]}`, `${severity}[${rule}]`)}${style('1', `: ${subject}${message}`)}`;
  const place = range === undefined ? file : `${file}:${range.start.line}:${range.start.column}`;
  const labels: Label[] = [
    ...(range === undefined ? [] : [{ range, message: '', primary: true }]),
    ...related.map((one) => ({ ...one, primary: false })),
  ];
  const notes = [
    ...(help === undefined ? [] : [`${style('1', 'help')}: ${help}`]),
    ...(fix === undefined ? [] : [`${style('1', 'fix')}: ${fix.description} (--fix does it)`]),
  ];
  return `${title}\n${style('34', '  -->')} ${place}\n${frame(text, labels, paint)}${notes
    .map((note) => `  ${style('34', '=')} ${note}\n`)
    .join('')}`;
}
