// SPDX-License-Identifier: GPL-2.0-or-later
import { distance } from 'fastest-levenshtein';
import type * as z from 'zod/mini';
import type { Finding, KeyPath } from './finding.ts';
import { globalKeys, interfaceKeys } from './keys.ts';
import { MAX_INTERFACES } from './model.ts';

/** A finding that knows no place in the text yet. `part` tells which of a member's two places it is about. */
export type Unplaced = Omit<Finding, 'range'> & { readonly part: 'key' | 'value' };

/** Says in words of the configuration what the validator says in its own. */
export function issueFindings(issue: z.core.$ZodIssue): Unplaced[] {
  const path: KeyPath = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((name) => unknownKey([...path, name]));
    case 'custom':
      return [{ rule: 'value', severity: 'error', path, part: 'value', message: issue.message }];
    default:
      return [shape(path)];
  }
}

function shape(path: KeyPath): Unplaced {
  const { message, help } =
    path.length === 0
      ? { message: 'not a JSON object', help: 'a configuration is { "interfaces": [ ... ] }' }
      : path.length === 1
        ? { message: `not an array of at most ${MAX_INTERFACES} objects`, help: 'write "interfaces": [ { ... } ]' }
        : { message: 'not an object', help: 'write { "type": "tap", "param": "tap0" }' };
  return { rule: 'shape', severity: 'error', path, part: 'value', message, help };
}

function unknownKey(path: KeyPath): Unplaced {
  const name = String(path.at(-1));
  const known = Object.keys(path.length === 1 ? { ...globalKeys, interfaces: true } : interfaceKeys);
  const near = nearest(name, known);
  return {
    rule: 'unknown-key',
    severity: 'error',
    path,
    part: 'key',
    message: 'there is no such key',
    help: near === undefined ? `the keys here are: ${known.join(', ')}` : `did you mean "${near}"?`,
  };
}

/** The word that was probably meant: at most two edits away, and at most a third of the word changed. */
function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(word, candidate);
    if (edits < least) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}
