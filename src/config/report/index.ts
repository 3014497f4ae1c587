// SPDX-License-Identifier: GPL-2.0-or-later
import { github } from './github.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { pretty } from './pretty.ts';
import type { Reporter } from './reporter.ts';
import { sarif } from './sarif.ts';
import { unix } from './unix.ts';

/** All formats by the name that --format takes. */
export const reporters = { pretty, unix, json, sarif, github, junit } satisfies Record<string, Reporter>;

export type Format = keyof typeof reporters;
