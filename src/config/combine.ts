// SPDX-License-Identifier: GPL-2.0-or-later
import { AssignmentError, parseAssignment } from './assignment.ts';
import { checkDocument } from './document.ts';
import { overriddenWarning, readVariables } from './environment.ts';
import type { Finding, KeyPath, Range } from './finding.ts';
import { packedText } from './key.ts';
import { globalKeys } from './keys.ts';
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
export function combine({ variables, texts, assignments }: Parts): Combined {
  const layers = new Layers<Origin>();
  const found: Found[] = [];
  const environment = readVariables(variables);
  if (environment.sources.size > 0) {
    const variable = (path: KeyPath) => environment.sources.get(path.join('.'));
    layers.replace(environment.document, { name: ENVIRONMENT, variable });
  }
  for (const [index, text] of texts.entries()) {
    const { document, findings, origin } = readText(text, variables);
    found.push(...findings.map((finding) => ({ name: text.name, finding })));
    if (index === 0) {
      layers.replace(document, origin);
    } else {
      layers.merge(document, origin);
    }
  }
  const written = new Set(Object.keys(layers.document).filter((name) => layers.origin([name])?.name !== ENVIRONMENT));
  for (const finding of overriddenWarning(environment.sources, written)) {
    found.push({ name: ENVIRONMENT, finding });
  }
  for (const assignment of assignments) {
    try {
      const parsed = parseAssignment(assignment);
      unpack(layers, parsed.path);
      layers.assign(parsed, { name: '--set' });
    } catch (error) {
      if (!(error instanceof AssignmentError)) {
        throw error;
      }
      const finding: Finding = { rule: 'assignment', severity: 'error', path: [], message: error.message };
      found.push({ name: '--set', finding });
    }
  }
  return { document: layers.document, found, origin: (path) => layers.origin(path) };
}

/** Makes members of the pieces of a text, where one of them is to be set: `--set sysctl.net.ipv4.tcp_sack=0`. */
function unpack(layers: Layers<Origin>, [name, member]: KeyPath): void {
  const row = rows(globalKeys).find(([key, { kind }]) => key === name && kind.members);
  if (row === undefined || member === undefined) {
    return;
  }
  const [key, { kind }] = row;
  const value = layers.document[key];
  const origin = layers.origin([key]);
  const text = isObject(value) ? undefined : packedText(value, kind);
  const pieces = text === undefined ? undefined : kind.split?.(text);
  if (origin !== undefined && pieces !== undefined) {
    const members = pieces.map((piece) => {
      const [inner = '', ...rest] = piece.split('=');
      return [inner.trim(), rest.join('=').trim()] as const;
    });
    layers.replace({ [key]: Object.fromEntries(members) }, origin);
  }
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
  return { name, finding: variable === undefined ? finding : { ...finding, path: [variable] } };
}

function readText({ name, text, syntax, references }: Text, variables: ReadonlyMap<string, string>) {
  const source = parseSource(text, syntax);
  const origin: Origin = { name, locate: source.locate };
  const findings = [...source.findings];
  let document = source.value;
  if (references && document !== undefined) {
    const substituted = substitute(document, (variable) => variables.get(variable));
    document = substituted.value;
    const wrong = [...substituted.findings, ...substituted.unset];
    findings.push(...wrong.map((finding) => inPlace(finding, source)));
  }
  if (!isObject(document)) {
    if (document !== undefined) {
      findings.push(...checkDocument(document).map((finding) => place(finding, origin).finding));
    }
    return { document: {}, findings, origin };
  }
  return { document, findings, origin };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
