// SPDX-License-Identifier: GPL-2.0-or-later
import type { CommandRow } from './command.ts';
import { lint } from './lint.ts';
import { schema } from './schema.ts';

/** All commands in the order in which help shows them. The first is meant when none is named. */
export const commands: readonly CommandRow[] = [lint, schema];
