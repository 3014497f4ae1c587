// SPDX-License-Identifier: GPL-2.0-or-later
import type { KeyInfo } from './key.ts';
import { globalKeys, interfaceKeys } from './keys.ts';
import { INTERFACES_DESCRIPTION, rows } from './model.ts';

type Row = readonly [name: string, info: KeyInfo];

/** The text of docs/config.md. */
export function keysPage(): string {
  return `<!-- Made from src/config/keys.ts by \`npm run generate\`. -->
# The keys of a configuration

Where a configuration comes from and how it is written is in [configuration.md](configuration.md). \`lkl-config explain KEY\`
tells the same as this page. Every value is a string in the classic form; where that is a number, it may be written as one,
and in C's ways: \`16\`, \`0x10\`, \`020\`. \`true\` and \`false\` are 1 and 0.

## At the top

${table(rows(globalKeys))}| [interfaces](#interfaces) | array of objects | |

${rows(globalKeys).map(section).join('\n')}
### interfaces

${INTERFACES_DESCRIPTION}

## Of an interface

The variables describe one interface, \`eth0\`.

${table(rows(interfaceKeys))}
${rows(interfaceKeys).map(section).join('\n')}`;
}

function table(keys: readonly Row[]): string {
  const lines = keys.map(
    ([name, { kind, variable }]) =>
      `| [${name}](#${anchor(name)}) | ${kind.form.replaceAll('|', '\\|')} | ${variable === undefined ? '' : `\`${variable}\``} |\n`,
  );
  return `| key | form | variable |\n|---|---|---|\n${lines.join('')}`;
}

/** What GitHub makes of a heading. */
function anchor(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '').toLowerCase();
}

function section([name, { description, examples, default: standard }]: Row): string {
  const words = standard === undefined ? '' : ` Without it: \`${standard}\`.`;
  const list = examples.map((example) => `\`"${name}": ${JSON.stringify(example)}\``).join(', ');
  return `### ${name}\n\n${description}${words}\n\nFor example ${list}\n`;
}
