// SPDX-License-Identifier: GPL-2.0-or-later
import {
  JsonArrayNode,
  JsonObjectNode,
  JsonParseError,
  JsonParser,
  type JsonPropertyNode,
  type JsonValueNode,
} from '@croct/json5-parser';
import { MAX_DEPTH, tooDeep } from './depth.ts';
import type { Edit, Finding, KeyPath, Range } from './finding.ts';
import { type Patch, recover, type Slip } from './recover.ts';
import type { Syntax } from './syntax.ts';
import { Positions } from './text.ts';

/** A comment, and the line that it ends in. */
export interface Comment {
  readonly text: string;
  readonly range: Range;
}

/** A text that was read, and where in it everything is. */
export interface Source {
  /** What stands there, or would without its slips; undefined when that is beyond guessing. */
  readonly value: unknown;
  /** What is wrong with the text as such. */
  readonly findings: readonly Finding[];
  readonly comments: readonly Comment[];
  /** The range of a member's name or of a value; that of the nearest thing around it if there is no such member. */
  readonly locate: (path: KeyPath, part: 'key' | 'value') => Range | undefined;
  /** How often the member stands there. */
  readonly count: (path: KeyPath) => number;
  readonly rename: (path: KeyPath, name: string) => Edit[];
  readonly replace: (path: KeyPath, value: unknown) => Edit[];
  /** Takes a member out, with its comma. */
  readonly remove: (path: KeyPath) => Edit[];
}

/** Reads a text of a syntax. What is not quite that is found, and read as it was probably meant. */
export function parseSource(text: string, syntax: Syntax = 'json'): Source {
  // The parser library takes these two for line ends even in strings; elsewhere they are not JSON.
  const lines = text.replace(/[\u2028\u2029]/g, '\uFFFD');
  const deep = tooDeep(lines);
  if (deep !== undefined) {
    return parseSlip(text, deep);
  }
  const strict = parseStrict(text);
  const { slips, patches, comments } =
    strict === undefined ? recover(lines, syntax) : { slips: [], patches: [], comments: [] };
  const map = new PatchedText(lines, patches);
  const positions = new Positions(text);
  const range = (start: number, end: number): Range => positions.range(start, end);
  let findings = slips.map((slip) => slipFinding(slip, range));
  let root: JsonValueNode | undefined;
  try {
    root = JsonParser.parse(map.text);
  } catch (error) {
    if (!(error instanceof JsonParseError)) {
      throw error;
    }
    if (slips.every(({ rule }) => rule !== 'syntax')) {
      const at = new Positions(map.text).unit(error.location.start.index);
      const message = error.message.replace(/ at \d+:\d+(\.|: .*)$/, '').replace(/^./, (first) => first.toLowerCase());
      const [start, end] = map.original(at, at + 1);
      const slip: Slip = { rule: 'syntax', message, help: 'correct it there or just before', start, end };
      findings = [...findings, slipFinding(slip, range)];
    }
  }
  const tree = new Tree(root, map, positions);
  return {
    value: strict === undefined ? root?.toJSON() : strict.value,
    findings: [...findings, ...tree.duplicates()],
    comments: comments.map((comment) => ({ text: comment.text, range: range(comment.start, comment.end) })),
    locate: (path, part) => tree.locate(path, part),
    count: (path) => tree.count(path),
    rename: (path, name) => tree.rename(path, name),
    replace: (path, value) => tree.replace(path, value),
    remove: (path) => tree.remove(path),
  };
}

/** A text that is not to be read at all. */
function parseSlip(text: string, deep: number): Source {
  const positions = new Positions(text);
  const slip: Slip = {
    rule: 'syntax',
    message: `nested more than ${MAX_DEPTH} levels deep`,
    help: 'a configuration has four',
    start: deep,
    end: deep + 1,
  };
  return {
    ...parseSource(''),
    value: undefined,
    findings: [slipFinding(slip, (start, end) => positions.range(start, end))],
  };
}

function parseStrict(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function slipFinding(slip: Slip, range: (start: number, end: number) => Range): Finding {
  const { rule, message, help, start, end, fix } = slip;
  return {
    rule,
    severity: 'error',
    path: [],
    message: rule === 'syntax' ? `not valid: ${message}` : `not strict JSON: ${message}`,
    help,
    range: range(start, end),
    ...(fix === undefined
      ? {}
      : {
          fix: {
            description: fix.description,
            edits: fix.patches.map((patch) => ({ range: range(patch.start, patch.end), text: patch.text })),
          },
        }),
  };
}

/** A text with patches, and where in the original its parts are. */
class PatchedText {
  readonly text: string;
  readonly #patches: readonly Patch[];

  constructor(original: string, patches: readonly Patch[]) {
    let text = '';
    let done = 0;
    for (const { start, end, text: replacement } of patches) {
      text += original.slice(done, Math.max(done, start)) + replacement;
      done = Math.max(done, end);
    }
    this.text = text + original.slice(done);
    this.#patches = patches;
  }

  get changed(): boolean {
    return this.#patches.length > 0;
  }

  original(start: number, end: number): [start: number, end: number] {
    return [this.#offset(start), this.#offset(end)];
  }

  #offset(patched: number): number {
    let shift = 0;
    for (const { start, end, text } of this.#patches) {
      const at = start + shift;
      if (patched <= at) {
        break;
      }
      if (patched < at + text.length) {
        return Math.min(start + patched - at, end);
      }
      shift += text.length - (end - start);
    }
    return patched - shift;
  }
}

function nameOf(property: JsonPropertyNode): string {
  const name = property.key.toJSON();
  return typeof name === 'string' ? name : String(name);
}

/** What the parser library made of a text. */
class Tree {
  readonly #root: JsonValueNode | undefined;
  readonly #map: PatchedText;
  readonly #positions: Positions;
  readonly #patched: Positions;

  constructor(root: JsonValueNode | undefined, map: PatchedText, positions: Positions) {
    this.#root = root;
    this.#map = map;
    this.#positions = positions;
    this.#patched = new Positions(map.text);
  }

  #range({ start, end }: JsonValueNode['location']): Range {
    const units = this.#map.original(this.#patched.unit(start.index), this.#patched.unit(end.index));
    return this.#positions.range(...units);
  }

  locate(path: KeyPath, part: 'key' | 'value'): Range | undefined {
    if (this.#root === undefined) {
      return undefined;
    }
    let node = this.#root;
    let key = node.location;
    for (const step of path) {
      const member = memberOf(node, step);
      if (member === undefined) {
        // What is missing is missing where its object begins.
        const { start } = this.#range(node.location);
        return { start, end: { ...start, column: start.column + 1, offset: start.offset + 1 } };
      }
      node = member.value;
      key = member.key;
    }
    return this.#range(part === 'key' ? key : node.location);
  }

  #node(path: KeyPath): JsonValueNode | undefined {
    return path.reduce<JsonValueNode | undefined>((node, step) => memberOf(node, step)?.value, this.#root);
  }

  #member(path: KeyPath): { key: JsonValueNode['location']; value: JsonValueNode } | undefined {
    const step = path.at(-1);
    return step === undefined ? undefined : memberOf(this.#node(path.slice(0, -1)), step);
  }

  count(path: KeyPath): number {
    const around = this.#node(path.slice(0, -1));
    return around instanceof JsonObjectNode
      ? around.properties.filter((property) => nameOf(property) === path.at(-1)).length
      : this.#member(path) === undefined
        ? 0
        : 1;
  }

  rename(path: KeyPath, name: string): Edit[] {
    const member = this.#member(path);
    return member === undefined ? [] : [{ range: this.#range(member.key), text: JSON.stringify(name) }];
  }

  replace(path: KeyPath, value: unknown): Edit[] {
    const node = this.#node(path);
    return node === undefined ? [] : [{ range: this.#range(node.location), text: JSON.stringify(value) }];
  }

  remove(path: KeyPath): Edit[] {
    const step = path.at(-1);
    // Where the text has other slips, these are repaired first.
    if (this.#map.changed || step === undefined || this.#member(path) === undefined) {
      return [];
    }
    const copy = JsonParser.parse(this.#map.text);
    const around = path.slice(0, -1).reduce<JsonValueNode | undefined>((node, one) => memberOf(node, one)?.value, copy);
    if (around instanceof JsonObjectNode) {
      around.delete(String(step));
    } else if (around instanceof JsonArrayNode && typeof step === 'number') {
      around.delete(step);
    }
    return [this.#difference(copy.toString())];
  }

  /** The one edit that makes another text of this one. */
  #difference(text: string): Edit {
    const before = this.#map.text;
    let start = 0;
    while (start < text.length && text[start] === before[start]) {
      start++;
    }
    let tail = 0;
    while (tail < text.length - start && text[text.length - 1 - tail] === before[before.length - 1 - tail]) {
      tail++;
    }
    const range = this.#positions.range(start, before.length - tail);
    return { range, text: text.slice(start, text.length - tail) };
  }

  duplicates(): Finding[] {
    return this.#root === undefined ? [] : this.#duplicates(this.#root, []);
  }

  #duplicates(node: JsonValueNode, path: KeyPath): Finding[] {
    if (node instanceof JsonArrayNode) {
      return node.elements.flatMap((element, index) => this.#duplicates(element, [...path, index]));
    }
    if (!(node instanceof JsonObjectNode)) {
      return [];
    }
    const first = new Map<string, JsonPropertyNode>();
    return node.properties.flatMap((property) => {
      const name = nameOf(property);
      const earlier = first.get(name);
      const inner = this.#duplicates(property.value, [...path, name]);
      if (earlier === undefined) {
        first.set(name, property);
        return inner;
      }
      const at = [...path, name];
      const same = JSON.stringify(earlier.value.toJSON()) === JSON.stringify(property.value.toJSON());
      const edits = same && this.count(at) === 2 ? this.remove(at) : [];
      const finding: Finding = {
        rule: 'duplicate-key',
        severity: 'error',
        path: at,
        message: `the key stands twice, first in line ${this.#range(earlier.key.location).start.line}`,
        help: 'remove one of them',
        range: this.#range(property.key.location),
        related: [{ message: 'it stands here too', range: this.#range(earlier.key.location) }],
        ...(edits.length === 0 ? {} : { fix: { description: 'remove one of them', edits } }),
      };
      return [finding, ...inner];
    });
  }
}

function memberOf(
  node: JsonValueNode | undefined,
  step: string | number,
): { key: JsonValueNode['location']; value: JsonValueNode } | undefined {
  if (node instanceof JsonArrayNode) {
    const element = typeof step === 'number' ? node.elements[step] : undefined;
    return element === undefined ? undefined : { key: element.location, value: element };
  }
  // Of two members with one name JSON.parse takes the last.
  const property =
    node instanceof JsonObjectNode
      ? node.properties.findLast((candidate) => nameOf(candidate) === String(step))
      : undefined;
  return property === undefined ? undefined : { key: property.key.location, value: property.value };
}
