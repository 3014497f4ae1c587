// SPDX-License-Identifier: GPL-2.0-or-later
import type { KeyPath, Severity } from '../finding.ts';
import type { Configuration, Interface } from '../model.ts';

type Part = 'key' | 'value';

/** A change to the document that puts something right. */
export type Change = { readonly description: string; readonly path: KeyPath } & (
  | { readonly op: 'rename'; readonly name: string }
  | { readonly op: 'replace'; readonly value: unknown }
  | { readonly op: 'remove' }
);

/** What a rule has to say, without its own name. */
export interface Complaint {
  readonly path: KeyPath;
  readonly part: Part;
  readonly message: string;
  readonly help: string;
  /** Other places that it is about. */
  readonly related?: readonly { readonly path: KeyPath; readonly part: Part; readonly message: string }[];
  readonly fix?: Change;
  /** What is found at these places is explained by this complaint, and not told as well. */
  readonly explains?: readonly KeyPath[];
}

/** What rules look at. */
export interface Subject {
  /** The values that are sound by themselves; one that is not is missing here. */
  readonly configuration: Configuration;
  /** What stands at a place, sound or not. */
  readonly raw: (path: KeyPath) => unknown;
  /** Was something written there, sound or not? */
  readonly has: (path: KeyPath) => boolean;
  /** Does the member stand there more than once? */
  readonly twice: (path: KeyPath) => boolean;
}

/** A row of the table in index.ts. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** The library refuses such a configuration, and so does the launcher, before anything is started. */
  readonly fatal?: true;
  /** It looks at the host that it runs on, and only where that is asked for. */
  readonly live?: true;
  /** What it finds: one sentence. */
  readonly summary: string;
  /** Why that is wrong and what to do. */
  readonly details: string;
  /** Texts that it finds something in, and what they should be. */
  readonly bad: string;
  readonly good: string;
  /** Absent where the finding comes of reading the text and its values. */
  readonly check?: (subject: Subject) => Complaint[];
}

type Check = NonNullable<Rule['check']>;

/** A check of each interface by itself. */
export function perInterface(check: (one: Interface, path: KeyPath, subject: Subject) => Complaint[]): Check {
  return (subject) =>
    (subject.configuration.interfaces ?? []).flatMap((one, index) => check(one, ['interfaces', index], subject));
}

/** A check of each two interfaces, the later one first. */
export function perPair(
  check: (later: Interface, earlier: Interface, path: KeyPath, earlierPath: KeyPath) => Complaint[],
): Check {
  return ({ configuration: { interfaces = [] } }) =>
    interfaces.flatMap((later, index) =>
      interfaces
        .slice(0, index)
        .flatMap((earlier, before) => check(later, earlier, ['interfaces', index], ['interfaces', before])),
    );
}
