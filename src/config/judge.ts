// SPDX-License-Identifier: GPL-2.0-or-later
import type { KeyPath } from './finding.ts';
import { validate } from './validator.cjs';

/** What the published schema, which editors use, refuses of a document. */
export function refusedPaths(document: unknown): KeyPath[] {
  if (validate(document)) {
    return [];
  }
  return (validate.errors ?? []).map(({ instancePath, keyword, params }) => {
    const path = instancePath.split('/').slice(1).map(step);
    return keyword === 'additionalProperties' ? [...path, String(params.additionalProperty)] : path;
  });
}

/** A step of a JSON pointer (RFC 6901). */
function step(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text.replaceAll('~1', '/').replaceAll('~0', '~');
}
