// SPDX-License-Identifier: GPL-2.0-or-later
import type { CommandRow } from './command.ts';
import { completion } from './completion.ts';
import { convert } from './convert.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { fmt } from './fmt.ts';
import { init } from './init.ts';
import { lint } from './lint.ts';
import { schema } from './schema.ts';
import { show } from './show.ts';

/** All commands in the order in which help shows them. The first is meant when none is named. */
export const commands: readonly CommandRow[] = [lint, init, fmt, show, convert, explain, doctor, schema, completion];
