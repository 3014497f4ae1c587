// SPDX-License-Identifier: GPL-2.0-or-later

/** Run the program: what the shell has to change before it executes its own arguments. */
export interface RunPlan {
  readonly kind: 'run';
  /** How many of the launcher's arguments come before the program's name. */
  readonly skip: number;
  /** Replaces the program's name, where a copy is run instead. */
  readonly program?: string;
  /** Environment variables to set. */
  readonly variables: ReadonlyMap<string, string>;
  /** Entries of the environment (`name=value`) that the shell cannot hold and would lose. */
  readonly restore: readonly string[];
}

/** Run nothing: write a text to standard output and be done. */
export interface PrintPlan {
  readonly kind: 'print';
  readonly text: string;
}

export type Plan = RunPlan | PrintPlan;
