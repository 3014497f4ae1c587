// SPDX-License-Identifier: GPL-2.0-or-later
//
// The only file that knows the parser library.
import {
  JsonArrayNode,
  JsonLexer,
  JsonObjectNode,
  JsonParseError,
  JsonParser,
  type JsonPropertyNode,
  type JsonToken,
  type JsonValueNode,
} from '@croct/json5-parser';
import type { Finding, KeyPath, Range } from './finding.ts';

/** A text that was read, and where in it everything is. */
export interface Source {
  /** Undefined when the text is not valid JSON. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** The range of a member's name or of a value; that of the nearest thing around it if there is no such member. */
  readonly locate: (path: KeyPath, part: 'key' | 'value') => Range | undefined;
}

type Location = JsonValueNode['location'];

/** What a text may be: strict JSON (RFC 8259), which is what the library reads, or JSON5, which JSONC is part of. */
export type Syntax = 'json' | 'json5';

/** What a file of this name is. Only `.json` is a promise. */
export function syntaxOf(file: string): Syntax {
  return /\.json$/i.test(file) ? 'json' : 'json5';
}

/** Reads a text with the places of everything in it. */
export function parseSource(text: string, syntax: Syntax = 'json'): Source {
  // The parser library takes these two for line ends even in strings; elsewhere they are not JSON.
  const lines = text.replace(/[\u2028\u2029]/g, '\uFFFD');
  let value = parseStrictly(text);
  let root: JsonValueNode | undefined;
  if (value === undefined && syntax === 'json5') {
    try {
      root = JsonParser.parse(lines);
      value = root.toJSON();
    } catch {
      // syntaxFinding tells why.
    }
  }
  if (value === undefined) {
    return { value, findings: [syntaxFinding(lines)], locate: () => undefined };
  }
  const top = root ?? JsonParser.parse(lines);
  return { value, findings: duplicates(top, []), locate: (path, part) => locate(top, path, part) };
}

/** Undefined for what is no JSON. */
function parseStrictly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toRange({ start, end }: Location): Range {
  return {
    start: { line: start.line, column: start.column, offset: start.index },
    end: { line: end.line, column: end.column, offset: end.index },
  };
}

function syntaxFinding(text: string): Finding {
  const syntax = (message: string, help: string, location: Location): Finding => {
    return { rule: 'syntax', severity: 'error', path: [], message, help, range: toRange(location) };
  };
  try {
    JsonParser.parse(text);
  } catch (error) {
    if (error instanceof JsonParseError) {
      return syntax(`not valid JSON: ${plainWords(error.message)}`, 'correct it there or just before', error.location);
    }
    throw error;
  }
  const tokens = JsonLexer.tokenize(text);
  for (const [index, token] of tokens.entries()) {
    const problem = notStrict(token, tokens.slice(index + 1));
    if (problem !== undefined) {
      return syntax(`not strict JSON: ${problem}`, 'JSON5 is not read here; write plain JSON', token.location);
    }
  }
  const start = { index: 0, line: 1, column: 1 };
  return syntax('not strict JSON', 'save it as plain UTF-8 without a byte order mark', { start, end: start });
}

/** The parser's messages name kinds of tokens as its source does, and end in the position. */
function plainWords(message: string): string {
  return message
    .replace(/ at \d+:\d+(\.|: .*)$/, '')
    .replace(/\b[A-Z]{2,}(?:_[A-Z]+)?\b/g, (token) => TOKENS[token] ?? token.toLowerCase())
    .replace(/^./, (first) => first.toLowerCase());
}

const TOKENS: Readonly<Record<string, string>> = {
  EOF: 'the end of the file',
  IDENTIFIER: 'a name',
  STRING: 'a string',
  NUMBER: 'a number',
  BRACE_LEFT: '"{"',
  BRACE_RIGHT: '"}"',
  BRACKET_LEFT: '"["',
  BRACKET_RIGHT: '"]"',
  COLON: '":"',
  COMMA: '","',
};

/** What makes a token of JSON5 none of JSON. */
function notStrict(token: JsonToken, following: readonly JsonToken[]): string | undefined {
  switch (token.type) {
    case 'LINE_COMMENT':
    case 'BLOCK_COMMENT':
      return 'a comment';
    case 'IDENTIFIER':
      return `the name ${token.value} is not in double quotes`;
    case 'STRING':
      return isJson(token.value) ? undefined : 'a string that is not in double quotes';
    case 'NUMBER':
      return isJson(token.value) ? undefined : `the number ${token.value}: put it in double quotes`;
    case 'WHITESPACE':
      return /^[ \t\r\n]*$/.test(token.value) ? undefined : 'a blank that is neither space, tab nor line end';
    case 'COMMA': {
      const next = following.find(({ type }) => !/WHITESPACE|NEWLINE|COMMENT/.test(type));
      return next && /_RIGHT$/.test(next.type) ? 'a comma after the last member' : undefined;
    }
    default:
      return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function nameOf(property: JsonPropertyNode): string {
  const name = property.key.toJSON();
  return typeof name === 'string' ? name : String(name);
}

function duplicates(node: JsonValueNode, path: KeyPath): Finding[] {
  if (node instanceof JsonArrayNode) {
    return node.elements.flatMap((element, index) => duplicates(element, [...path, index]));
  }
  if (!(node instanceof JsonObjectNode)) {
    return [];
  }
  const first = new Map<string, JsonPropertyNode>();
  return node.properties.flatMap((property) => {
    const name = nameOf(property);
    const earlier = first.get(name);
    const inner = duplicates(property.value, [...path, name]);
    if (earlier === undefined) {
      first.set(name, property);
      return inner;
    }
    const finding: Finding = {
      rule: 'duplicate-key',
      severity: 'error',
      path: [...path, name],
      message: `the key stands twice, first in line ${earlier.key.location.start.line}`,
      help: 'remove one of them',
      range: toRange(property.key.location),
    };
    return [finding, ...inner];
  });
}

function locate(root: JsonValueNode, path: KeyPath, part: 'key' | 'value'): Range {
  let node = root;
  let key = root.location;
  for (const step of path) {
    if (node instanceof JsonArrayNode && typeof step === 'number') {
      const element = node.elements[step];
      if (element === undefined) {
        return toRange(node.location);
      }
      node = element;
      key = element.location;
    } else {
      // Of two members with one name JSON.parse takes the last.
      const property =
        node instanceof JsonObjectNode
          ? node.properties.findLast((candidate) => nameOf(candidate) === step)
          : undefined;
      if (property === undefined) {
        return toRange(node.location);
      }
      node = property.value;
      key = property.key.location;
    }
  }
  return toRange(part === 'key' ? key : node.location);
}
