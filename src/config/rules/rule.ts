// SPDX-License-Identifier: GPL-2.0-or-later
import type { KeyPath } from '../finding.ts';
import type { Configuration, Interface } from '../model.ts';

/** What a rule has to say, without its own name. */
export interface Complaint {
  readonly path: KeyPath;
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly help: string;
}

/** What rules look at. */
export interface Subject {
  /** The values that are sound by themselves; one that is not is missing here. */
  readonly configuration: Configuration;
  /** Was something written there, sound or not? */
  readonly has: (path: KeyPath) => boolean;
}

/** A check of several values against each other. */
export type Rule = (subject: Subject) => Complaint[];

/** A rule about each interface by itself. */
export function perInterface(check: (one: Interface, path: KeyPath, has: Subject['has']) => Complaint[]): Rule {
  return ({ configuration, has }) =>
    (configuration.interfaces ?? []).flatMap((one, index) => check(one, ['interfaces', index], has));
}
