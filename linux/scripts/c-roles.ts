// SPDX-License-Identifier: GPL-2.0-only
/**
 * Tells what each identifier of a C header is: a name that the header declares, a struct's tag, a member, ...
 *
 * Works on the source as written, without preprocessing: all branches of an #if are read, each from the state before
 * it. That is what a header needs whose conditions are only known to the program that will include it.
 */
import { isSignificant, type Token } from './c-tokens.ts';

export type Role =
  | 'macro' // name that #define or #undef is about
  | 'parameter' // of a macro, within its definition
  | 'condition' // operand of #if, #ifdef, ...
  | 'pasted' // the beginning of a name that ## completes
  | 'tag' // after struct, union, enum
  | 'member' // of a struct or union, where it is declared or used
  | 'enumerator' // where it is declared
  | 'typedef' // where it is declared
  | 'function' // where it is declared at file scope
  | 'object' // variable, where it is declared at file scope
  | 'use'; // of any ordinary name: type, variable, constant, macro

type ScopeKind = 'file' | 'members' | 'enumerators' | 'block' | 'parentheses' | 'brackets';

/** A pair of brackets that is open, and the declaration under way directly inside of it. */
interface Scope {
  readonly kind: ScopeKind;
  isTypedef: boolean;
  hasType: boolean; // a type has been read: what follows is declared
  afterDeclarator: boolean; // in the width of a bit-field or an initializer
}

interface State {
  readonly scopes: Scope[];
  aggregate: '' | 'keyword' | 'tag'; // after struct, union or enum; after their tag
  isEnum: boolean;
  previous: string; // the last two tokens
  beforePrevious: string;
}

const storage = new Set(['extern', 'static', 'const', 'volatile', 'inline', 'register']);
const storageAlternate = new Set([
  '__inline__',
  '__inline',
  '__volatile__',
  '__const__',
  '__extension__',
  '__attribute__',
]);
const typeKeywords = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  '_Bool',
]);
const typeofNames = new Set(['__typeof__', 'typeof', '__signed__']);
const enumeratorEnds = new Set([',', '=', '}']);
const declaratorEnds = new Set([';', ',', '[', ':', '=', '__attribute__', '__attribute']);

function newScope(kind: ScopeKind): Scope {
  return { kind, isTypedef: false, hasType: false, afterDeclarator: false };
}

function copyState(state: State): State {
  return { ...state, scopes: state.scopes.map((scope) => ({ ...scope })) };
}

/** The kind of scope that a `{` opens. */
function braceKind(state: State, top: Scope): ScopeKind {
  if (state.aggregate !== '') return state.isEnum ? 'enumerators' : 'members';
  if (top.kind === 'file' && state.previous === '"C"') return 'file';
  return 'block';
}

function endDeclaration(scope: Scope): void {
  scope.isTypedef = false;
  scope.hasType = false;
  scope.afterDeclarator = false;
}

/** Role of an identifier inside of parentheses: a member in `int (*name)(...)` and in macros that take members. */
function roleInParentheses(state: State, next: string): Role {
  const outer = state.scopes.findLast((scope) => scope.kind !== 'parentheses');
  const isDeclarator = state.previous === '*' && state.beforePrevious === '(' && next === ')';
  if (outer?.kind === 'members' && (isDeclarator || next === ';')) return 'member';
  if (outer?.kind === 'file' && outer.isTypedef && isDeclarator && !outer.afterDeclarator) {
    outer.afterDeclarator = true;
    return 'typedef';
  }
  return 'use';
}

/** Role of an identifier that is no keyword, outside of directives. */
function ordinaryRole(state: State, top: Scope, next: string): Role {
  if (state.previous === '.' || state.previous === '->') return 'member';
  if (top.kind === 'enumerators') return !top.afterDeclarator && enumeratorEnds.has(next) ? 'enumerator' : 'use';
  if (top.kind === 'parentheses') return roleInParentheses(state, next);
  if (top.kind !== 'members' && top.kind !== 'file') return 'use';
  if (top.afterDeclarator || !top.hasType) {
    top.hasType ||= next !== '(';
    return 'use';
  }
  if (top.kind === 'members') return declaratorEnds.has(next) ? 'member' : 'use';
  if (top.isTypedef) return declaratorEnds.has(next) || next === '(' ? 'typedef' : 'use';
  if (next === '(') return 'function';
  return declaratorEnds.has(next) ? 'object' : 'use';
}

/** Reads one token outside of directives. Returns the role of an identifier, undefined for keywords and the rest. */
function readToken(state: State, token: Token, next: string): Role | undefined {
  const top = state.scopes.at(-1);
  if (top === undefined) throw new Error('unbalanced brackets');
  const text = token.text;

  if (token.kind === 'identifier') {
    if (text === 'struct' || text === 'union' || text === 'enum') {
      state.aggregate = 'keyword';
      state.isEnum = text === 'enum';
      return undefined;
    }
    if (storage.has(text) || storageAlternate.has(text)) return undefined;
    if (text === 'typedef') {
      top.isTypedef = true;
      return undefined;
    }
    if (typeKeywords.has(text) || typeofNames.has(text)) {
      top.hasType = true;
      return undefined;
    }
    if (state.aggregate === 'keyword' && top.kind !== 'parentheses') {
      state.aggregate = 'tag';
      if (next !== '{') state.aggregate = '';
      top.hasType = true;
      return 'tag';
    }
    if (
      state.aggregate === 'keyword' &&
      (state.previous === 'struct' || state.previous === 'union' || state.previous === 'enum')
    ) {
      state.aggregate = next === '{' ? 'tag' : '';
      return 'tag';
    }
    return ordinaryRole(state, top, next);
  }

  switch (text) {
    case '{':
      state.scopes.push(newScope(braceKind(state, top)));
      state.aggregate = '';
      break;
    case '(':
      state.scopes.push(newScope('parentheses'));
      break;
    case '[':
      state.scopes.push(newScope('brackets'));
      break;
    case '}':
    case ')':
    case ']': {
      state.scopes.pop();
      const outer = state.scopes.at(-1);
      if (outer === undefined) throw new Error(`unbalanced ${text}`);
      if (text !== '}') break;
      if (top.kind === 'members' || top.kind === 'enumerators') outer.hasType = true;
      else if (top.kind === 'block' && !outer.afterDeclarator) endDeclaration(outer);
      break;
    }
    case ':':
    case '=':
      top.afterDeclarator = true;
      break;
    case ',':
      top.afterDeclarator = false;
      break;
    case ';':
      endDeclaration(top);
      break;
  }
  return undefined;
}

/** The significant tokens of one directive, as indices. */
function directiveEnd(tokens: readonly Token[], start: number): number {
  let at = start + 1;
  while (at < tokens.length && tokens[at]?.kind !== 'newline') at++;
  return at;
}

/** Sets the roles of the identifiers of a #define: its name, its parameters, and what the replacement is made of. */
function readDefine(tokens: readonly Token[], indices: readonly number[], roles: Map<number, Role>): void {
  const text = (at: number): string => tokens[indices[at] ?? -1]?.text ?? '';
  const [, , name] = indices;
  if (name === undefined) return;
  roles.set(name, 'macro');

  let at = 3;
  const parameters = new Set<string>();
  if (tokens[name + 1]?.text === '(') {
    for (; at < indices.length && text(at) !== ')'; at++) parameters.add(text(at));
    at++;
    for (const index of indices.slice(3, at)) if (tokens[index]?.kind === 'identifier') roles.set(index, 'parameter');
  }
  for (; at < indices.length; at++) {
    const index = indices[at] ?? -1;
    if (tokens[index]?.kind !== 'identifier') continue;
    const previous = text(at - 1);
    if (parameters.has(text(at))) roles.set(index, 'parameter');
    else if (previous === '##')
      continue; // the end of a name
    else if (text(at + 1) === '##') roles.set(index, 'pasted');
    else if (previous === 'struct' || previous === 'union' || previous === 'enum') roles.set(index, 'tag');
    else if (previous === '.' || previous === '->') roles.set(index, 'member');
    else roles.set(index, 'use');
  }
}

/** How a macro uses its arguments: "begins" or "continues" a name that it pastes together with ##, or neither. */
export type ArgumentUse = 'begins' | 'continues' | '';

/** For each macro that pastes arguments, how it uses each. */
export function findPasting(tokens: readonly Token[]): Map<string, readonly ArgumentUse[]> {
  const pasting = new Map<string, readonly ArgumentUse[]>();
  tokens.forEach((token, index) => {
    if (token.directive !== 'define' || tokens[index + 1]?.text !== '(' || tokens[index - 1]?.kind !== 'space') return;
    const line = tokens.slice(index, directiveEnd(tokens, index)).filter(isSignificant);
    const end = line.findIndex(({ text }) => text === ')');
    const body = line.slice(end + 1);
    const uses = line
      .slice(2, end)
      .filter(({ kind }) => kind === 'identifier')
      .map(({ text }): ArgumentUse => {
        const at = body.findIndex(
          (part, place) => part.text === text && (body[place - 1]?.text === '##' || body[place + 1]?.text === '##'),
        );
        if (at < 0 || body[at - 2]?.text === ',') return '';
        return body[at - 1]?.text === '##' ? 'continues' : 'begins';
      });
    if (uses.some((use) => use !== '')) pasting.set(token.text, uses);
  });
  return pasting;
}

/** The role of each identifier that has one, by its index in `tokens`. */
export function classify(tokens: readonly Token[]): Map<number, Role> {
  const roles = new Map<number, Role>();
  const branches: State[] = [];
  let state: State = { scopes: [newScope('file')], aggregate: '', isEnum: false, previous: '', beforePrevious: '' };

  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined || !isSignificant(token)) continue;

    if (token.directive === '#') {
      const end = directiveEnd(tokens, index);
      const indices: number[] = [];
      for (let at = index; at < end; at++) {
        const part = tokens[at];
        if (part !== undefined && isSignificant(part)) indices.push(at);
      }
      const name = tokens[indices[1] ?? -1]?.text ?? '';
      if (name === 'define' || name === 'undef') readDefine(tokens, indices, roles);
      if (name.startsWith('if') || name.startsWith('el'))
        for (const at of indices.slice(2)) if (tokens[at]?.kind === 'identifier') roles.set(at, 'condition');
      if (name.startsWith('if')) branches.push(copyState(state));
      else if (name.startsWith('el')) state = copyState(branches.at(-1) ?? state);
      else if (name === 'endif') branches.pop();
      index = end;
      continue;
    }

    let after = index + 1;
    while (
      after < tokens.length &&
      !(tokens[after] !== undefined && isSignificant(tokens[after] as Token) && tokens[after]?.directive === '')
    )
      after++;
    const role = readToken(state, token, tokens[after]?.text ?? '');
    if (role !== undefined) roles.set(index, role);
    state.beforePrevious = state.previous;
    state.previous = token.text;
  }
  return roles;
}
