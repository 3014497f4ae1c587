// SPDX-License-Identifier: GPL-2.0-or-later
import { type Finding, pathText } from '../finding.ts';

/** A finding as one line, in the form that editors and CI systems look for: `file:line:column: ...`. */
export function findingLine(file: string, { range, path, message, help, severity }: Finding): string {
  const place = range === undefined ? file : `${file}:${range.start.line}:${range.start.column}`;
  const subject = path.length === 0 ? '' : `${pathText(path)}: `;
  const warning = severity === 'warning' ? 'warning: ' : '';
  return `${place}: ${warning}${subject}${message}${help === undefined ? '' : `; ${help}`}`;
}
