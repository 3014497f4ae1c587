// SPDX-License-Identifier: GPL-2.0-only
/** Cuts C source into tokens without losing a byte: joined again, they are the source. */

export type TokenKind = 'space' | 'newline' | 'comment' | 'identifier' | 'number' | 'string' | 'header' | 'punctuator';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Name of the preprocessing directive that the token is part of ("define", "include", ...; "#" until the name), or "". */
  readonly directive: string;
}

interface Rule {
  readonly kind: TokenKind;
  readonly pattern: RegExp;
}

/*
 * In order of trial (C11, 6.4). A line that is continued (6.4 translation phase 2) is a kind of space; the headers
 * never continue a line inside of a token. An apostrophe alone happens in the text of #error.
 */
const rules: readonly Rule[] = [
  { kind: 'newline', pattern: /\n/y },
  { kind: 'space', pattern: /(?:[ \t\r\f\v]|\\\r?\n)+/y },
  { kind: 'comment', pattern: /\/\*[\s\S]*?\*\/|\/\/[^\n]*/y },
  { kind: 'identifier', pattern: /[A-Za-z_$][A-Za-z0-9_$]*/y },
  { kind: 'number', pattern: /\.?[0-9](?:[eEpP][+-]|[A-Za-z0-9_.])*/y },
  { kind: 'string', pattern: /"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])+'/y },
  { kind: 'punctuator', pattern: /\.\.\.|<<=|>>=|->|\+\+|--|&&|\|\||##|<<|>>|[-+*/%&|^<>=!]=|[\s\S]/y },
];

/** `<path>` or `"path"`, the operand of #include. */
const headerName = /<[^>\n]+>|"[^"\n]+"/y;

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The tokens of a source file. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let directive: string | undefined = ''; // undefined: after a '#' whose directive is not known yet
  let lineStart = true;

  for (let at = 0; at < text.length; ) {
    let kind: TokenKind = 'header';
    let found: string | undefined = directive?.startsWith('include') ? match(headerName, text, at) : undefined;
    if (found === undefined) {
      for (const rule of rules) {
        found = match(rule.pattern, text, at);
        if (found !== undefined) {
          kind = rule.kind;
          break;
        }
      }
    }
    if (found === undefined) throw new Error(`no token at offset ${at}`);

    if (kind === 'newline') {
      directive = '';
      lineStart = true;
    } else if (kind !== 'space' && kind !== 'comment') {
      if (lineStart && found === '#') directive = undefined;
      else if (directive === undefined) directive = found;
      lineStart = false;
    }
    tokens.push({ kind, text: found, directive: directive ?? '#' });
    at += found.length;
  }
  return tokens;
}

/** Whether the token means something to the compiler. */
export function isSignificant(token: Token): boolean {
  return token.kind !== 'space' && token.kind !== 'newline' && token.kind !== 'comment';
}

/** The source of a run of tokens. */
export function join(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join('');
}
