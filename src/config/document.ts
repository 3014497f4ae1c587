// SPDX-License-Identifier: GPL-2.0-or-later
import { type KeyPath, pathId } from './finding.ts';
import { issueFindings, type Unplaced } from './messages.ts';
import { Configuration } from './model.ts';
import { fatalRules } from './rules/fatal.ts';
import type { Rule } from './rules/rule.ts';

export interface DocumentOptions {
  /** By default those that the library has too. */
  readonly rules?: readonly Rule[];
  /** The paths that the published schema refuses, if that is to be asked as well. */
  readonly judge?: (document: unknown) => KeyPath[];
  /** Does a member stand in the text more than once? */
  readonly twice?: (path: KeyPath) => boolean;
  /** Values that are not known yet: nothing is said about them. */
  readonly open?: readonly KeyPath[];
}

/** Checks a document: first each value by itself, then those that are sound against each other. */
export function checkDocument(document: unknown, options: DocumentOptions = {}): Unplaced[] {
  const known = options.open === undefined ? document : without(document, options.open);
  const first = Configuration.safeParse(known);
  const issues = first.success ? [] : first.error.issues.flatMap(issueFindings);
  const values = options.judge === undefined ? issues : judged(known, issues, options.judge(known));
  const configuration = first.success
    ? first.data
    : Configuration.safeParse(
        without(
          known,
          values.map(({ path }) => path),
        ),
      ).data;
  if (configuration === undefined) {
    return values;
  }
  const raw = (path: KeyPath): unknown => at(document, path);
  const has = (path: KeyPath): boolean => raw(path) !== undefined;
  const subject = { configuration, raw, has, twice: options.twice ?? (() => false) };
  const complaints: Unplaced[] = [];
  for (const { id, severity, check } of options.rules ?? fatalRules) {
    for (const complaint of check?.(subject) ?? []) {
      complaints.push({ rule: id, severity, ...complaint });
    }
  }
  if (complaints.length === 0) {
    return values;
  }
  // What is not even an object has no members that could be missing.
  const shapeless = values.filter(({ rule }) => rule === 'shape').map(({ path }) => pathId(path));
  const explained = new Map(
    complaints.flatMap((complaint) => (complaint.explains ?? []).map((path) => [pathId(path), complaint] as const)),
  );
  return [...values, ...complaints].filter((finding) => {
    const id = pathId(finding.path);
    const by = explained.get(id);
    return (by === undefined || by === finding) && !shapeless.some((one) => id.startsWith(`${one}\0`));
  });
}

/** Tells the values that the schema refuses from those whose range it cannot know. */
function judged(document: unknown, issues: readonly Unplaced[], refused: readonly KeyPath[]): Unplaced[] {
  const ids = refused.map(pathId);
  const hit = (path: KeyPath): boolean => ids.some((id) => within(id, pathId(path)) || within(pathId(path), id));
  const found = issues.map((issue): Unplaced => {
    if (issue.rule !== 'value-format') {
      return issue;
    }
    const rule = !hit(issue.path)
      ? 'value-range'
      : typeof at(document, issue.path) === 'string'
        ? 'value-format'
        : 'value-type';
    return { ...issue, rule };
  });
  const told = found.map(({ path }) => pathId(path));
  const untold = refused.filter((path) => !told.some((id) => within(id, pathId(path)) || within(pathId(path), id)));
  const message = 'the JSON Schema does not allow it';
  return [
    ...found,
    ...untold.map((path): Unplaced => ({ rule: 'value-format', severity: 'error', path, part: 'value', message })),
  ];
}

function within(id: string, inner: string): boolean {
  return id === inner || id === '' || inner.startsWith(`${id}\0`);
}

function at(document: unknown, path: KeyPath): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = Reflect.get(value, step);
  }
  return value;
}

/** The document without the members at some paths. An array keeps its length, so that indices stay true. */
function without(document: unknown, paths: readonly KeyPath[], path: KeyPath = []): unknown {
  const gone = (inner: KeyPath): boolean => paths.some((one) => pathId(one) === pathId(inner));
  if (Array.isArray(document)) {
    return document.map((value, index) => (gone([...path, index]) ? {} : without(value, paths, [...path, index])));
  }
  if (typeof document !== 'object' || document === null) {
    return document;
  }
  return Object.fromEntries(
    Object.entries(document)
      .filter(([name]) => !gone([...path, name]))
      .map(([name, value]) => [name, without(value, paths, [...path, name])]),
  );
}
