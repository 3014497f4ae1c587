// SPDX-License-Identifier: GPL-2.0-or-later
import { bash } from './bash.ts';
import { fish } from './fish.ts';
import type { ProgramWords } from './words.ts';
import { zsh } from './zsh.ts';

/** All shells that there is completion for. */
export const shells = { bash, zsh, fish } as const satisfies Record<
  string,
  (programs: readonly ProgramWords[]) => string
>;
export type Shell = keyof typeof shells;
