// SPDX-License-Identifier: GPL-2.0-or-later
import type { KeyPath } from '../finding.ts';
import type { Subject } from './rule.ts';

/** Where an entry of a list stands: packed in a text, as an element of an array, or as a member of an object. */
export function entryPath(raw: Subject['raw'], key: string, index: number, name = '', around: KeyPath = []): KeyPath {
  const path = [...around, key];
  const value = raw(path);
  if (Array.isArray(value)) {
    return [...path, index];
  }
  return typeof value === 'object' && value !== null ? [...path, name] : path;
}
