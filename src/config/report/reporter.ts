// SPDX-License-Identifier: GPL-2.0-or-later
import type { Finding } from '../finding.ts';

/** What came of checking a file. */
export interface FileReport {
  /** As it was named. */
  readonly file: string;
  readonly text: string;
  readonly findings: readonly Finding[];
}

export interface ReportOptions {
  readonly color: boolean;
}

/** Makes of all results what goes to standard output: one file in this directory and one row in index.ts. */
export type Reporter = (reports: readonly FileReport[], options: ReportOptions) => string;

/** What a finding is about and says, in one line. */
export function sentence(subject: string, { message, help }: Finding): string {
  return `${subject === '' ? '' : `${subject}: `}${message}${help === undefined ? '' : `; ${help}`}`;
}
