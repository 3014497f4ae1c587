// SPDX-License-Identifier: GPL-2.0-or-later
//
// Finds everything in a text that keeps it from being JSON of a kind, and what the text would be without: reading
// goes on there, so that one mistake hides no other.
import { allows, type Extension, type Syntax } from './syntax.ts';
import { isBlank, isComment, type Token, tokenize } from './tokens.ts';

/** A change to the text, in UTF-16 units. */
export interface Patch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Something that is not of the syntax. */
export interface Slip {
  readonly rule: 'syntax' | 'strict-json';
  readonly message: string;
  readonly help: string;
  readonly start: number;
  readonly end: number;
  /** What would make it right, if that can be known. */
  readonly fix?: { readonly description: string; readonly patches: readonly Patch[] };
}

export interface Recovered {
  readonly slips: readonly Slip[];
  /** What makes the text one that can be read on, in order. */
  readonly patches: readonly Patch[];
  readonly comments: readonly Token[];
}

const VALUES = ['STRING', 'NUMBER', 'BOOLEAN', 'NULL', 'BROKEN'] as const;
const OPENING = ['BRACE_LEFT', 'BRACKET_LEFT'] as const;
const NAMES = ['STRING', 'IDENTIFIER', 'BROKEN', 'NULL', 'BOOLEAN', 'NUMBER'] as const;

export function recover(text: string, syntax: Syntax): Recovered {
  return new Recovery(text, syntax).run();
}

class Recovery {
  readonly #syntax: Syntax;
  readonly #all: readonly Token[];
  /** The tokens that mean something. */
  readonly #tokens: readonly Token[];
  #next = 0;
  readonly #slips: Slip[] = [];
  readonly #patches: Patch[] = [];

  constructor(text: string, syntax: Syntax) {
    this.#syntax = syntax;
    this.#all = tokenize(text);
    this.#tokens = this.#all.filter((token) => !isBlank(token) && !isComment(token) && token.type !== 'STRANGE');
  }

  run(): Recovered {
    for (const token of this.#all) {
      this.#checkBetween(token);
    }
    this.#document();
    return {
      slips: this.#slips.sort((a, b) => a.start - b.start),
      patches: this.#patches.sort((a, b) => a.start - b.start || a.end - b.end),
      comments: this.#all.filter(isComment),
    };
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? this.#end;
  }

  get #end(): Token {
    return this.#tokens[this.#tokens.length - 1] ?? { type: 'EOF', text: '', start: 0, end: 0 };
  }

  /** Where the last token that was read ended. */
  get #before(): number {
    return this.#tokens[this.#next - 1]?.end ?? 0;
  }

  #is(...types: readonly Token['type'][]): boolean {
    return types.includes(this.#token.type);
  }

  #follows(...types: readonly Token['type'][]): boolean {
    const following = this.#tokens[this.#next + 1];
    return following !== undefined && types.includes(following.type);
  }

  #slip(slip: Omit<Slip, 'rule' | 'fix'>, fix?: { description: string; patch: Patch }): void {
    this.#add('syntax', slip, fix);
  }

  #add(rule: Slip['rule'], slip: Omit<Slip, 'rule' | 'fix'>, fix?: { description: string; patch: Patch }): void {
    this.#slips.push({
      rule,
      ...slip,
      ...(fix === undefined ? {} : { fix: { description: fix.description, patches: [fix.patch] } }),
    });
    if (fix !== undefined && rule === 'syntax') {
      this.#patches.push(fix.patch);
    }
  }

  /** Something was left out: it belongs right after what was read last. */
  #missing(text: string, what: string, at = this.#before, end = at): void {
    const patch = { start: at, end: at, text };
    this.#slip(
      { message: `${what} is missing`, help: `write ${text} here`, start: at, end },
      { description: `insert ${text}`, patch },
    );
  }

  /** What only some kinds have. */
  #extension(extension: Extension, token: Token, message: string, help: string, replacement?: string): void {
    if (allows(this.#syntax, extension)) {
      return;
    }
    this.#add(
      'strict-json',
      { message, help, start: token.start, end: token.end },
      replacement === undefined
        ? undefined
        : {
            description: replacement === '' ? 'remove it' : `write ${replacement}`,
            patch: { start: token.start, end: token.end, text: replacement },
          },
    );
  }

  /** Comments, blanks and rubbish, which may stand anywhere. */
  #checkBetween(token: Token): void {
    const elsewhere = 'plain JSON has none; remove it, or name the file .json5';
    if (isComment(token)) {
      this.#extension('comment', token, 'a comment', elsewhere);
    } else if (token.type === 'STRANGE') {
      const { start, end } = token;
      const message = `the character ${JSON.stringify(token.text)} means nothing here`;
      this.#slip({ message, help: 'remove it', start, end });
      this.#patches.push({ start, end, text: '' });
    } else if (token.type === 'WHITESPACE' && !/^[ \t\r]*$/.test(token.text)) {
      const mark = token.text === '\ufeff' && token.start === 0;
      this.#extension(
        mark ? 'mark' : 'blank',
        token,
        mark ? 'a byte order mark' : 'a blank that is neither space, tab nor line end',
        mark ? 'save the file as plain UTF-8' : 'write a space',
        mark ? '' : ' ',
      );
    }
  }

  #document(): void {
    if (this.#is('EOF')) {
      this.#slip({ message: 'the file is empty', help: 'a configuration without anything is {}', start: 0, end: 0 });
      this.#patches.push({ start: 0, end: 0, text: 'null' });
      return;
    }
    // Members without the braces around them, as documentation shows them.
    if (this.#is('STRING', 'IDENTIFIER') && this.#follows('COLON')) {
      const { start } = this.#token;
      const { end } = this.#tokens[this.#tokens.length - 2] ?? this.#token;
      const patches = [
        { start, end: start, text: '{' },
        { start: end, end, text: '}' },
      ];
      this.#slips.push({
        rule: 'syntax',
        message: 'the braces around the members are missing',
        help: 'write { before the first and } after the last',
        start,
        end: this.#token.end,
        fix: { description: 'put braces around them', patches },
      });
      this.#patches.push(...patches);
      this.#members();
    } else {
      this.#value();
    }
    if (!this.#is('EOF')) {
      const { start } = this.#token;
      const { end } = this.#tokens[this.#tokens.length - 2] ?? this.#token;
      const message = 'nothing may follow after the configuration';
      this.#slip({ message, help: 'remove what begins here', start, end: this.#token.end });
      this.#patches.push({ start, end, text: '' });
    }
  }

  #value(): void {
    const token = this.#token;
    if (this.#is('BRACE_LEFT')) {
      this.#next++;
      this.#members();
      this.#close('BRACE_RIGHT', '}', 'the closing brace');
    } else if (this.#is('BRACKET_LEFT')) {
      this.#next++;
      this.#elements();
      this.#close('BRACKET_RIGHT', ']', 'the closing bracket');
    } else if (this.#is(...VALUES)) {
      this.#scalar(token);
      this.#next++;
    } else if (this.#is('IDENTIFIER')) {
      this.#quote(token);
      this.#next++;
    } else {
      const message = 'the value is missing';
      this.#slip({ message, help: 'write one here', start: this.#before, end: this.#before });
      this.#patches.push({ start: this.#before, end: this.#before, text: 'null' });
    }
  }

  /** A word that is neither true, false nor null. */
  #quote({ text, start, end }: Token): void {
    const quoted = JSON.stringify(text);
    this.#slip(
      { message: `${text} is not in quotes`, help: `write ${quoted}`, start, end },
      { description: `write ${quoted}`, patch: { start, end, text: quoted } },
    );
  }

  #scalar(token: Token): void {
    const { type, text, end } = token;
    if (type === 'BROKEN') {
      const quote = text.slice(0, 1);
      this.#slip(
        { message: 'the closing quote is missing', help: `write ${quote} here`, start: end, end },
        { description: `insert ${quote}`, patch: { start: end, end, text: quote } },
      );
    } else if (type === 'STRING' && !isJson(text)) {
      const plain = JSON.stringify(decodeString(text));
      const message = text.startsWith("'")
        ? 'a string in single quotes'
        : 'a string with escapes that it does not have';
      this.#extension('string', token, message, `write ${plain}`, plain);
      // The parser library knows few escapes.
      if (text.includes('\\')) {
        this.#patches.push({ start: token.start, end, text: plain });
      }
    } else if (type === 'NUMBER' && !isJson(text)) {
      this.#extension('number', token, `the number ${text}`, `put it in quotes: "${text}"`, `"${text}"`);
    }
  }

  #members(): void {
    while (this.#is(...NAMES, 'COMMA', 'COLON', ...OPENING)) {
      if (this.#is('COMMA')) {
        this.#needless();
        continue;
      }
      this.#name();
      if (this.#is('COLON')) {
        this.#next++;
      } else {
        this.#missing(':', 'the colon');
      }
      this.#value();
      if (this.#comma('BRACE_RIGHT', NAMES)) {
        continue;
      }
      return;
    }
  }

  #name(): void {
    const token = this.#token;
    if (this.#is('IDENTIFIER', 'NULL', 'BOOLEAN')) {
      const quoted = JSON.stringify(token.text);
      this.#extension('name', token, `the name ${token.text} is not in quotes`, `write ${quoted}`, quoted);
      this.#next++;
    } else if (this.#is('NUMBER')) {
      this.#quote(token);
      this.#next++;
    } else if (this.#is('STRING', 'BROKEN')) {
      this.#scalar(token);
      this.#next++;
    } else {
      const message = 'the name of the member is missing';
      this.#slip({ message, help: 'each value in { } has a name', start: token.start, end: token.end });
      this.#patches.push({ start: token.start, end: token.start, text: '""' });
    }
  }

  #elements(): void {
    while (this.#is(...VALUES, 'IDENTIFIER', 'COMMA', ...OPENING)) {
      if (this.#is('COMMA')) {
        this.#needless();
        continue;
      }
      this.#value();
      if (!this.#comma('BRACKET_RIGHT', [...VALUES, ...OPENING])) {
        return;
      }
    }
  }

  /** A comma with nothing before it. */
  #needless(): void {
    const { start, end } = this.#token;
    this.#slip(
      { message: 'a comma too many', help: 'remove it', start, end },
      { description: 'remove it', patch: { start, end, text: '' } },
    );
    this.#next++;
  }

  /** After a member: does another one follow? */
  #comma(closing: Token['type'], following: readonly Token['type'][]): boolean {
    if (this.#is('COMMA')) {
      if (this.#follows(closing)) {
        const help = 'remove it, or name the file .json5';
        this.#extension('trailingComma', this.#token, 'a comma after the last member', help, '');
        this.#next++;
        return false;
      }
      this.#next++;
      return true;
    }
    if (this.#is(...following)) {
      this.#missing(',', 'the comma');
      return true;
    }
    return false;
  }

  #close(type: Token['type'], text: string, what: string): void {
    if (this.#is(type)) {
      this.#next++;
    } else {
      this.#missing(text, what);
    }
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

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0' };

/** What a string of JSON5 holds (its section 5.1). */
function decodeString(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(\r\n|[\s\S]))/gu, (_all, byte, unit, character: string) => {
      if (byte !== undefined || unit !== undefined) {
        return String.fromCharCode(Number.parseInt(byte ?? unit, 16));
      }
      return /^[\r\n]/.test(character) ? '' : (ESCAPES[character] ?? character);
    });
}
