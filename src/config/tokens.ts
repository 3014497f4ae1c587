// SPDX-License-Identifier: GPL-2.0-or-later
import { JsonLexer, JsonParseError, type JsonTokenType } from '@croct/json5-parser';

/** A piece of a text. Offsets count UTF-16 units. */
export interface Token {
  /** `BROKEN` is a string without its end, `STRANGE` a character that nothing begins with. */
  readonly type: `${JsonTokenType}` | 'BROKEN' | 'STRANGE';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** All pieces of a text, whatever is wrong with it; the last is EOF. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const add = (type: Token['type'], piece: string): void => {
    tokens.push({ type, text: piece, start: at, end: at + piece.length });
    at += piece.length;
  };
  while (at < text.length) {
    const lexer = new JsonLexer(text.slice(at));
    try {
      for (let token = lexer.next(); token.type !== 'EOF'; token = lexer.next()) {
        // The library's pattern of numbers is content with a sign or a point, and with nothing at all.
        if (token.value === '') {
          break;
        }
        const number = token.type !== 'NUMBER' || /^[-+]?(?:\d|\.\d|NaN|Infinity)/.test(token.value);
        add(number ? token.type : 'STRANGE', token.value);
      }
    } catch (error) {
      if (!(error instanceof JsonParseError)) {
        throw error;
      }
    }
    if (at < text.length) {
      const rest = text.slice(at);
      const broken = /^["'].*?(?=[\s,\]}]*(?:\r?\n|$))/.exec(rest)?.[0];
      if (broken !== undefined) {
        add('BROKEN', broken);
      } else {
        add('STRANGE', /^[\s\S]/u.exec(rest)?.[0] ?? rest);
      }
    }
  }
  add('EOF', '');
  return tokens;
}

export function isBlank({ type }: Token): boolean {
  return type === 'WHITESPACE' || type === 'NEWLINE';
}

export function isComment({ type }: Token): boolean {
  return type === 'LINE_COMMENT' || type === 'BLOCK_COMMENT';
}
