// SPDX-License-Identifier: GPL-2.0-only
//
// `npm run generate`: writes docs/api.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { referencePage } from './reference.ts';

writeFileSync('docs/api.md', referencePage(readFileSync('linux/lib/include/lkl.h', 'utf8')));
