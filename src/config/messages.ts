// SPDX-License-Identifier: GPL-2.0-or-later
import type * as z from 'zod/mini';
import type { KeyPath, Severity } from './finding.ts';
import { globalKeys, interfaceKeys } from './keys.ts';
import { nearestAll } from './nearest.ts';
import type { Complaint } from './rules/rule.ts';

/** A finding that knows no place in the text yet. `part` tells which of a member's two places it is about. */
export type Unplaced = Omit<Complaint, 'help'> & {
  readonly rule: string;
  readonly severity: Severity;
  readonly help?: string;
};

/** Says in words of the configuration what the validator says in its own. */
export function issueFindings(issue: z.core.$ZodIssue): Unplaced[] {
  const path: KeyPath = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((name) => unknownKey([...path, name]));
    case 'custom':
      return [{ rule: 'value-format', severity: 'error', path, part: 'value', message: issue.message }];
    default:
      return [shape(path)];
  }
}

function shape(path: KeyPath): Unplaced {
  const { message, help } =
    path.length === 0
      ? { message: 'not a JSON object', help: 'a configuration is { "interfaces": [ ... ] }' }
      : path.length === 1
        ? { message: 'not an array of objects', help: 'write "interfaces": [ { ... } ]' }
        : { message: 'not an object', help: 'write { "type": "tap", "param": "tap0" }' };
  return { rule: 'shape', severity: 'error', path, part: 'value', message, help };
}

function unknownKey(path: KeyPath): Unplaced {
  const name = String(path.at(-1));
  const known = Object.keys(path.length === 1 ? { ...globalKeys, interfaces: true } : interfaceKeys);
  const near = nearestAll(name, known);
  const [best] = near;
  return {
    rule: 'unknown-key',
    severity: 'error',
    path,
    part: 'key',
    message: 'there is no such key',
    help:
      elsewhere(path) ??
      (best === undefined
        ? `the keys here are: ${known.join(', ')}`
        : `did you mean ${near.map((one) => `"${one}"`).join(' or ')}?`),
    ...(best === undefined || near.length > 1 || elsewhere(path) !== undefined
      ? {}
      : { fix: { op: 'rename', path, name: best, description: `rename it to "${best}"` } }),
  };
}

/** A key that is right in another place. */
function elsewhere(path: KeyPath): string | undefined {
  const name = String(path.at(-1));
  return path.length === 1
    ? Object.hasOwn(interfaceKeys, name)
      ? 'it belongs into an object of "interfaces"'
      : undefined
    : Object.hasOwn(globalKeys, name)
      ? 'it belongs to the top of the file'
      : undefined;
}
