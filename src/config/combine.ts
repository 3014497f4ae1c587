// SPDX-License-Identifier: GPL-2.0-or-later
import { AssignmentError, parseAssignment } from './assignment.ts';
import { checkDocument } from './document.ts';
import { ofVariable, readVariables, variableFindings, variableOf } from './environment.ts';
import type { Finding, KeyPath, Range } from './finding.ts';
import { packedMembers } from './key.ts';
import { globalKeys, interfaceKeys } from './keys.ts';
import { Layers } from './layers.ts';
import type { Unplaced } from './messages.ts';
import { rows } from './model.ts';
import { inPlace, placeFinding } from './place.ts';
import { parseSource } from './source.ts';
import { substitute } from './substitute.ts';
import type { Syntax } from './syntax.ts';

/** A text that is a configuration or part of one. */
export interface Text {
  /** What the user calls it. */
  readonly name: string;
  readonly text: string;
  readonly syntax: Syntax;
  /** Whether `${VAR}` in it stands for a variable. */
  readonly references: boolean;
}

/** Everything that makes a configuration, each over those before it. */
export interface Parts {
  readonly variables: ReadonlyMap<string, string>;
  /** From left to right. */
  readonly texts: readonly Text[];
  /** The interfaces and the name of who says so, if nothing before does. */
  readonly net?: { readonly name: string; readonly interfaces: readonly unknown[] } | undefined;
  /** `KEY=VALUE`. */
  readonly assignments: readonly string[];
}

/** Where a value comes from. */
export interface Origin {
  readonly name: string;
  readonly locate?: (path: KeyPath, part: 'key' | 'value') => Range | undefined;
  /** Its environment variable. */
  readonly variable?: (path: KeyPath) => string | undefined;
}

/** A finding, and in what it is. */
export interface Found {
  readonly name: string;
  readonly finding: Finding;
}

export interface Combined {
  readonly document: Readonly<Record<string, unknown>>;
  readonly found: readonly Found[];
  /** Undefined for what nobody wrote. */
  readonly origin: (path: KeyPath) => Origin | undefined;
}

const ENVIRONMENT = 'environment';

/** Puts a configuration together. What is found is what could not be read. */
export function combine({ variables, texts, net, assignments }: Parts): Combined {
  const layers = new Layers<Origin>(unpack);
  const found: Found[] = [];
  const unset: Unset[] = [];
  const environment = readVariables(variables);
  if (environment.sources.size > 0) {
    const variable = (path: KeyPath) => variableOf(environment, path);
    layers.replace(environment.document, { name: ENVIRONMENT, variable });
  }
  for (const [index, text] of texts.entries()) {
    const read = readText(text, variables);
    found.push(...read.findings.map((finding) => ({ name: text.name, finding })));
    unset.push(...read.unset);
    if (index === 0) {
      layers.replace(read.document, read.origin);
    } else {
      layers.merge(read.document, read.origin);
    }
  }
  const written = new Set(Object.keys(layers.document).filter((name) => layers.origin([name])?.name !== ENVIRONMENT));
  for (const finding of variableFindings(environment, written)) {
    found.push({ name: ENVIRONMENT, finding });
  }
  if (net !== undefined) {
    const { name, interfaces } = net;
    const other = layers.origin(['interfaces']);
    if (layers.document.interfaces === undefined) {
      layers.replace({ interfaces }, { name });
    } else {
      found.push({ name, finding: interfacesTwice(other?.name ?? ENVIRONMENT) });
    }
  }
  for (const assignment of assignments) {
    try {
      layers.assign(parseAssignment(assignment), { name: '--set' });
    } catch (error) {
      if (!(error instanceof AssignmentError)) {
        throw error;
      }
      const finding: Finding = { rule: 'assignment', severity: 'error', path: [], message: error.message };
      found.push({ name: '--set', finding });
    }
  }
  for (const { reference, origin, finding } of unset) {
    if (stands(reference, origin, layers, memberOf(finding.path))) {
      found.push({ name: origin.name, finding });
    }
  }
  return { document: layers.document, found, origin: (path) => layers.origin(path) };
}

function interfacesTwice(name: string): Finding {
  return {
    rule: 'assignment',
    severity: 'error',
    path: [],
    message: `the interfaces are those of ${name} already`,
    help: 'leave --net out, or the interfaces there; --no-config uses no file',
  };
}

/** A reference to a variable that has no value. It is wrong only if nothing else took its place. */
interface Unset {
  readonly reference: string;
  readonly origin: Origin;
  readonly finding: Finding;
}

/** Is a text of an origin still in a value, or in what was made of it? */
function stands(text: string, origin: Origin, layers: Layers<Origin>, path: KeyPath): boolean {
  const value = layers.at(path);
  const has = (part: unknown): boolean => typeof part === 'string' && part.includes(text);
  return typeof value === 'object' && value !== null
    ? Object.keys(value).some((step) => has(step) || stands(text, origin, layers, [...path, step]))
    : has(value) && layers.origin(path) === origin;
}

/** The key that a value is of, or is in the list of. */
function memberOf(path: KeyPath): KeyPath {
  return path.slice(0, path[0] === 'interfaces' ? 3 : 1);
}

/** The members of a list that is a text or an array: `sysctl`, `neigh` and the like. */
function unpack(path: KeyPath, value: unknown): Record<string, unknown> | undefined {
  const inner = path.length === 3 && path[0] === 'interfaces';
  const row = rows(inner ? interfaceKeys : globalKeys).find(([name]) => name === path.at(-1));
  return row === undefined || (path.length > 1 && !inner) ? undefined : packedMembers(value, row[1].kind);
}

/** Puts a configuration together and checks the whole. */
export function combineAndCheck(parts: Parts): Combined {
  const { document, found, origin } = combine(parts);
  // What could not be read is missing in the whole, which would be blamed for it.
  const broken = found.some(({ finding }) => finding.severity === 'error');
  const unplaced = broken ? [] : checkDocument(document);
  const checked = unplaced.map((finding) => place(finding, origin(finding.path)));
  return { document, found: [...found, ...checked], origin };
}

function place(unplaced: Unplaced, origin: Origin | undefined): Found {
  const name = origin?.name ?? 'configuration';
  const variable = origin?.variable?.(unplaced.path);
  const { locate } = origin ?? {};
  const finding = placeFinding(unplaced, locate === undefined || variable !== undefined ? undefined : { locate });
  return { name, finding: variable === undefined ? finding : ofVariable(finding, variable) };
}

function readText({ name, text, syntax, references }: Text, variables: ReadonlyMap<string, string>) {
  const source = parseSource(text, syntax);
  const origin: Origin = { name, locate: source.locate };
  const findings = [...source.findings];
  const unset: Unset[] = [];
  let document = source.value;
  if (references && document !== undefined) {
    const substituted = substitute(document, (variable) => variables.get(variable));
    document = substituted.value;
    findings.push(...substituted.findings.map((finding) => inPlace(finding, source)));
    for (const { reference, ...finding } of substituted.unset) {
      unset.push({ reference, origin, finding: inPlace(finding, source) });
    }
  }
  if (!isObject(document)) {
    if (document !== undefined) {
      findings.push(...checkDocument(document).map((finding) => place(finding, origin).finding));
    }
    return { document: {}, findings, unset, origin };
  }
  return { document, findings, unset, origin };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
