// SPDX-License-Identifier: GPL-2.0-or-later
import { pathText } from '../finding.ts';
import { type Reporter, sentence } from './reporter.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Workflow commands, which GitHub shows beside the lines of a change. */
export const github: Reporter = (reports) =>
  reports
    .flatMap(({ file, findings }) =>
      findings.map((finding) => {
        const { rule, severity, range, path } = finding;
        const properties = {
          file,
          line: range?.start.line ?? 1,
          endLine: range?.end.line ?? 1,
          // GitHub wants columns only within one line.
          ...(range !== undefined && range.start.line === range.end.line
            ? { col: range.start.column, endColumn: Math.max(range.start.column, range.end.column - 1) }
            : {}),
          title: rule,
        };
        const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
        return `::${COMMANDS[severity]} ${list.join(',')}::${escapeData(sentence(pathText(path), finding))}\n`;
      }),
    )
    .join('');

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
