// SPDX-License-Identifier: GPL-2.0-or-later
//
// `lkl-config lint`.
import { isUtf8 } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { Status, UsageError, writeOutput } from './commands/command.ts';
import type { LintOptions } from './commands/lint.ts';
import type { Finding } from './finding.ts';
import { fixText } from './fix.ts';
import { lintText } from './lint.ts';
import { type Format, reporters } from './report/index.ts';
import type { FileReport } from './report/reporter.ts';
import { parseRule, readSettings, type Settings } from './settings.ts';
import { expandTarget } from './targets.ts';

/** Checks files, tells what is found, and with what lkl-config is to end. */
export function lintFiles(targets: readonly string[], options: LintOptions): Status {
  const project = readSettings(process.cwd());
  const settings: Settings = { rules: new Map([...project.rules, ...options.rule.map(parseRule)]) };
  const maxWarnings = options.maxWarnings ?? project.maxWarnings ?? Number.POSITIVE_INFINITY;
  const reports: FileReport[] = [];
  let fixed = 0;
  let unreadable = false;
  const fail = (file: string, problem: string): void => {
    process.stderr.write(`lkl-config: ${file}: ${problem}\n`);
    unreadable = true;
  };
  const check = (file: string): void => {
    try {
      const report = lintFile(file, settings, options);
      reports.push(report);
      fixed += report.fixed;
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) {
        throw error;
      }
      fail(file, error.code === 'ENOENT' ? 'there is no such file' : error.message);
    }
  };
  for (const target of targets) {
    const files = expandTarget(target);
    if (files.length === 0) {
      fail(target, 'there is no configuration file');
    }
    files.forEach(check);
  }
  const warnings = count(reports, 'warning');
  tell(reports, options);
  summarize(reports, fixed);
  if (warnings > maxWarnings) {
    process.stderr.write(`more than ${maxWarnings} ${maxWarnings === 1 ? 'warning' : 'warnings'}\n`);
  }
  if (unreadable) {
    return Status.usage;
  }
  return count(reports, 'error') > 0 || warnings > maxWarnings ? Status.findings : Status.clean;
}

function lintFile(file: string, settings: Settings, options: LintOptions): FileReport & { fixed: number } {
  const bytes = readFileSync(file === '-' ? 0 : file);
  const text = bytes.toString('utf8');
  const name = file === '-' ? (options.stdinFilename ?? '-') : file;
  if (!isUtf8(bytes)) {
    return { file: name, text, findings: [notUtf8(text)], fixed: 0 };
  }
  const check = (now: string): Finding[] => lintText(now, name, settings, options.live);
  if (!options.fix) {
    return { file: name, text, findings: check(text), fixed: 0 };
  }
  if (file === '-') {
    throw new UsageError('--fix changes files, not standard input');
  }
  const after = fixText(text, check);
  if (after.text !== text) {
    writeFileSync(file, after.text);
  }
  return { file: name, text: after.text, findings: check(after.text), fixed: after.fixed };
}

function notUtf8(text: string): Finding {
  const offset = [...text].indexOf('\ufffd');
  const lines = [...text].slice(0, offset).join('').split('\n');
  const start = { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1, offset };
  return {
    rule: 'syntax',
    severity: 'error',
    path: [],
    message: 'not UTF-8',
    help: 'save the file as UTF-8',
    range: { start, end: { ...start, column: start.column + 1, offset: offset + 1 } },
  };
}

function tell(reports: readonly FileReport[], { format, output, quiet }: LintOptions): void {
  const shown = quiet
    ? reports.map((report) => ({
        ...report,
        findings: report.findings.filter(({ severity }) => severity === 'error'),
      }))
    : reports;
  const color =
    output === undefined &&
    (process.stdout.isTTY ? process.stdout.hasColors() : (process.env.FORCE_COLOR ?? '0') !== '0');
  const text = reporters[format === 'auto' ? automatic() : format](shown, { color });
  if (output === undefined) {
    process.stdout.write(text);
  } else {
    writeOutput(output, text);
  }
}

function automatic(): Format {
  return process.env.GITHUB_ACTIONS === 'true' ? 'github' : process.stdout.isTTY ? 'pretty' : 'unix';
}

function count(reports: readonly FileReport[], severity: Finding['severity']): number {
  return reports.reduce(
    (sum, { findings }) => sum + findings.filter((finding) => finding.severity === severity).length,
    0,
  );
}

/** One line on standard error, if there is something to say. */
function summarize(reports: readonly FileReport[], fixed: number): void {
  const words = { error: 'error', warning: 'warning', info: 'remark' } as const;
  const parts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const number = count(reports, severity);
    return number === 0 ? [] : [`${number} ${words[severity]}${number === 1 ? '' : 's'}`];
  });
  const fixable = reports.flatMap(({ findings }) => findings).filter(({ fix }) => fix !== undefined).length;
  if (fixed > 0) {
    parts.push(`${fixed} fixed`);
  }
  if (parts.length > 0) {
    const hint = fixable > 0 ? `; --fix puts ${fixable} right` : '';
    process.stderr.write(`${parts.join(', ')}${hint}\n`);
  }
}
