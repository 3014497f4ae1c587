// SPDX-License-Identifier: GPL-2.0-or-later

/** The library reads `json` (RFC 8259); the launcher makes that of the others. */
export type Syntax = 'json' | 'jsonc' | 'json5';

/** What a file of this name is. What promises nothing may be anything. */
export function syntaxOf(file: string): Syntax {
  return /\.json$/i.test(file) ? 'json' : /\.jsonc$/i.test(file) ? 'jsonc' : 'json5';
}

/** What JSON (RFC 8259) does not have, and the syntaxs that do. */
export const EXTENSIONS = {
  comment: ['jsonc', 'json5'],
  trailingComma: ['jsonc', 'json5'],
  name: ['json5'],
  string: ['json5'],
  number: ['json5'],
  blank: ['json5'],
  mark: ['jsonc', 'json5'],
} as const satisfies Record<string, readonly Syntax[]>;

export type Extension = keyof typeof EXTENSIONS;

export function allows(syntax: Syntax, extension: Extension): boolean {
  return EXTENSIONS[extension].some((one) => one === syntax);
}
