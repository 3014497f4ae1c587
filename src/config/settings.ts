// SPDX-License-Identifier: GPL-2.0-or-later
//
// Which findings a user wants to see, and how grave they are to be.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from './commands/command.ts';
import type { Finding, Severity } from './finding.ts';
import { nearest } from './nearest.ts';
import { findRule, rules } from './rules/index.ts';

export interface Settings {
  /** What findings of a rule are, where that is not the rule's own severity. */
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  readonly maxWarnings?: number;
}

const LEVELS: Readonly<Record<string, Severity | 'off'>> = {
  off: 'off',
  info: 'info',
  warn: 'warning',
  warning: 'warning',
  error: 'error',
};

/** `ID=LEVEL`, as --rule takes it. */
export function parseRule(text: string): [id: string, level: Severity | 'off'] {
  const [id = '', level = '', ...more] = text.split('=');
  if (more.length > 0 || level === '') {
    throw new UsageError(`--rule ${text}: write ID=off, ID=info, ID=warn or ID=error`);
  }
  return [knownRule(id, '--rule'), knownLevel(level, `--rule ${id}`)];
}

/** The section `{ "lkl-hijack": { "lint": { "rules": { ID: LEVEL }, "maxWarnings": N } } }` of the nearest package.json. */
export function readSettings(directory: string): Settings {
  const file = settingsFile(directory);
  if (file === undefined) {
    return { rules: new Map() };
  }
  let description: unknown;
  try {
    description = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const name = 'lkl-hijack.lint';
  const lint = section(section(description, 'lkl-hijack', file), 'lint', file) ?? {};
  for (const key of Object.keys(lint)) {
    if (key !== 'rules' && key !== 'maxWarnings') {
      throw new UsageError(`${file}: ${name} has rules and maxWarnings, and no ${key}`);
    }
  }
  const levels = Object.entries(section(lint, 'rules', file) ?? {}).map(
    ([id, level]) => [knownRule(id, `${file}: ${name}`), knownLevel(level, `${file}: ${name}.rules.${id}`)] as const,
  );
  const most = Reflect.get(lint, 'maxWarnings');
  if (most === undefined) {
    return { rules: new Map(levels) };
  }
  if (typeof most !== 'number' || !Number.isInteger(most) || most < 0) {
    throw new UsageError(`${file}: ${name}.maxWarnings is not a number of warnings`);
  }
  return { rules: new Map(levels), maxWarnings: most };
}

function section(around: unknown, name: string, file: string): object | undefined {
  const value: unknown = typeof around === 'object' && around !== null ? Reflect.get(around, name) : undefined;
  if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    throw new UsageError(`${file}: ${name} is not an object`);
  }
  return value;
}

/** The nearest package.json, of a directory or one above it. */
export function settingsFile(directory: string): string | undefined {
  const file = path.join(directory, 'package.json');
  if (existsSync(file)) {
    return file;
  }
  const above = path.dirname(directory);
  return above === directory ? undefined : settingsFile(above);
}

function knownRule(id: string, where: string): string {
  if (findRule(id) === undefined) {
    throw new UsageError(`${where}: ${unknownRule(id)}`);
  }
  return id;
}

/** What to say of a rule that does not exist. */
export function unknownRule(id: string): string {
  const known = rules.map((rule) => rule.id);
  const near = nearest(id, known);
  return `there is no rule "${id}"; ${near === undefined ? `there are: ${known.join(', ')}` : `did you mean "${near}"?`}`;
}

function knownLevel(level: unknown, where: string): Severity | 'off' {
  const known = typeof level === 'string' && Object.hasOwn(LEVELS, level) ? LEVELS[level] : undefined;
  if (known === undefined) {
    throw new UsageError(`${where}: ${JSON.stringify(level)} is none of off, info, warn and error`);
  }
  return known;
}

/** The findings as the settings want them. */
export function applySettings(findings: readonly Finding[], settings: Settings): Finding[] {
  return findings.flatMap((finding) => {
    const level = settings.rules.get(finding.rule);
    return level === 'off' ? [] : [level === undefined ? finding : { ...finding, severity: level }];
  });
}
