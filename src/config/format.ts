// SPDX-License-Identifier: GPL-2.0-or-later
import { isBlank, isComment, type Token, tokenize } from './tokens.ts';

const INDENT = '  ';

/**
 * The canonical layout of a sound text of any dialect: one member a line, two spaces for each level, comments where
 * they were, at most one empty line between members. Nothing but blanks is changed.
 */
export function formatText(text: string): string {
  let result = '';
  let level = 0;
  let lines = 0;
  let before: Token | undefined;
  const tokens = tokenize(text.replace(/^\uFEFF/, ''));
  for (const [index, token] of tokens.entries()) {
    if (isBlank(token)) {
      lines += token.text.match(/\r\n|[\n\r\u2028\u2029]/g)?.length ?? 0;
      continue;
    }
    level -= isClosing(token) ? 1 : 0;
    const leads = before?.type === 'COMMA' && token.type === 'BLOCK_COMMENT' && !endsLine(tokens, index);
    const gap = before === undefined ? '' : leads ? '\n' : gapBetween(before, token, lines);
    result += gap.endsWith('\n') ? gap + INDENT.repeat(level) : gap;
    result += token.type === 'LINE_COMMENT' ? token.text.trimEnd() : token.text;
    level += isOpening(token) ? 1 : 0;
    before = token;
    lines = 0;
  }
  return result;
}

function isOpening({ type }: Token): boolean {
  return type === 'BRACE_LEFT' || type === 'BRACKET_LEFT';
}

function isClosing({ type }: Token): boolean {
  return type === 'BRACE_RIGHT' || type === 'BRACKET_RIGHT';
}

/** Whether nothing more stands in the line of a token but blanks and comments. */
function endsLine(tokens: readonly Token[], index: number): boolean {
  for (const token of tokens.slice(index + 1)) {
    if (token.type === 'NEWLINE' || /[\n\r]/.test(token.text) || isClosing(token) || token.type === 'EOF') {
      return true;
    }
    if (!isBlank(token) && !isComment(token)) {
      return false;
    }
  }
  return true;
}

/** What goes between two tokens that had so many line ends between them. */
function gapBetween(before: Token, token: Token, lines: number): string {
  if (token.type === 'EOF') {
    return '\n';
  }
  const line = lines > 1 && !isOpening(before) && !isClosing(token) ? '\n\n' : '\n';
  if (before.type === 'LINE_COMMENT') {
    return line;
  }
  if (token.type === 'COMMA' || token.type === 'COLON') {
    return '';
  }
  if (isComment(token) || before.type === 'BLOCK_COMMENT') {
    return lines > 0 ? line : ' ';
  }
  if (isOpening(before) && isClosing(token)) {
    return '';
  }
  return before.type === 'COLON' ? ' ' : line;
}
