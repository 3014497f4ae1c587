// SPDX-License-Identifier: GPL-2.0-or-later
import type { KeyPath } from './finding.ts';
import { issueFindings, type Unplaced } from './messages.ts';
import { Configuration } from './model.ts';
import { rules } from './rules/index.ts';

/** Checks a document: first each value by itself, then those that are sound against each other. */
export function checkDocument(document: unknown): Unplaced[] {
  const first = Configuration.safeParse(document);
  const findings = first.success ? [] : first.error.issues.flatMap(issueFindings);
  const configuration = first.success
    ? first.data
    : Configuration.safeParse(
        without(
          document,
          findings.map(({ path }) => path),
        ),
      ).data;
  if (configuration === undefined) {
    return findings;
  }
  const has = (path: KeyPath): boolean => at(document, path) !== undefined;
  const complaints = Object.entries(rules).flatMap(([rule, check]) =>
    check({ configuration, has }).map((complaint): Unplaced => ({ rule, severity: 'error', ...complaint })),
  );
  // What is not even an object has no members that could be missing.
  const shapeless = findings.filter(({ rule }) => rule === 'shape').map(({ path }) => path.join('\0'));
  return [
    ...findings,
    ...complaints.filter(({ path }) => !shapeless.some((one) => path.join('\0').startsWith(`${one}\0`))),
  ];
}

function at(document: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((value, step) => {
    return typeof value === 'object' && value !== null
      ? Object.entries(value).find(([name]) => name === String(step))?.[1]
      : undefined;
  }, document);
}

/** The document without the members at some paths. An array keeps its length, so that indices stay true. */
function without(document: unknown, paths: readonly KeyPath[], path: KeyPath = []): unknown {
  const gone = (inner: KeyPath): boolean => paths.some((one) => one.join('\0') === inner.join('\0'));
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
