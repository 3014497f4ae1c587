// SPDX-License-Identifier: GPL-2.0-or-later
//
// `npm run generate`: writes the files that are made from the model.
import { writeFileSync } from 'node:fs';
import { keysPage } from './keys-page.ts';
import { rulesPage } from './rules-page.ts';
import { schemaText } from './schema.ts';

writeFileSync('schemas/lkl-hijack.schema.json', schemaText());
writeFileSync('docs/config.md', keysPage());
writeFileSync('docs/rules.md', rulesPage());
