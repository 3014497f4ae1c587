// SPDX-License-Identifier: GPL-2.0-or-later
import { checkDocument } from './document.ts';
import type { Finding, KeyPath } from './finding.ts';
import { globalKeys, interfaceKeys } from './keys.ts';
import { rows } from './model.ts';

/** The older form of a configuration: one variable a key, for at most one interface. */
export interface EnvironmentConfiguration {
  readonly document: Record<string, unknown>;
  /** Which variable each value comes from. */
  readonly sources: ReadonlyMap<string, string>;
  /** The two forms of an interface's type say different things. */
  readonly contradiction?: Finding;
}

/** The oldest form of type and param. */
export const TAP_VARIABLE = 'LKL_HIJACK_NET_TAP';

const TYPE_VARIABLE = 'LKL_HIJACK_NET_IFTYPE';

export function readVariables(variables: ReadonlyMap<string, string>): EnvironmentConfiguration {
  const sources = new Map<string, string>();
  const read = (keys: typeof globalKeys | typeof interfaceKeys, path: KeyPath): Record<string, unknown> => {
    const document: Record<string, unknown> = {};
    for (const [name, { variable }] of rows(keys)) {
      const value = variable === undefined ? undefined : variables.get(variable);
      if (variable !== undefined && value !== undefined) {
        document[name] = value;
        sources.set([...path, name].join('.'), variable);
      }
    }
    return document;
  };
  const document = read(globalKeys, []);
  const tap = variables.get(TAP_VARIABLE);
  if (tap !== undefined) {
    sources.set('interfaces.0.type', TAP_VARIABLE).set('interfaces.0.param', TAP_VARIABLE);
  }
  const one = { ...(tap === undefined ? {} : { type: 'tap', param: tap }), ...read(interfaceKeys, ['interfaces', 0]) };
  if (Object.keys(one).length === 0) {
    return { document, sources };
  }
  const whole = { document: { ...document, interfaces: [one] }, sources };
  return tap === undefined || one.type === 'tap' ? whole : { ...whole, contradiction: contradiction(one.type) };
}

function contradiction(type: unknown): Finding {
  return {
    rule: 'deprecated-variable',
    severity: 'error',
    path: [TAP_VARIABLE],
    message: `it is for a tap, and ${TYPE_VARIABLE} is ${JSON.stringify(type)}`,
    help: 'unset one of them',
  };
}

/** The variable that a member comes from, or could. */
export function variableOf({ sources }: EnvironmentConfiguration, path: KeyPath): string | undefined {
  const key = rows(interfaceKeys).find(([name]) => path[0] === 'interfaces' && name === path[2]);
  return sources.get(path.join('.')) ?? key?.[1].variable;
}

/** A finding as one of a variable. */
export function ofVariable(finding: Finding, variable: string): Finding {
  const { help, ...rest } = finding;
  const remedy =
    finding.rule === 'missing-key' && variable === TYPE_VARIABLE
      ? 'set it, as to tap, or unset the other variables of the interface'
      : help;
  return { ...rest, path: [variable], ...(remedy === undefined ? {} : { help: remedy }) };
}

/** Checks variables as far as they are in force beside a file. A finding's path is the variable. */
export function checkVariables(variables: ReadonlyMap<string, string>, file: unknown): Finding[] {
  const environment = readVariables(variables);
  const overridden = new Set(typeof file === 'object' && file !== null ? Object.keys(file) : []);
  const others = variableFindings(environment, overridden);
  if (others.some(({ severity }) => severity === 'error')) {
    return others;
  }
  const inForce = Object.fromEntries(Object.entries(environment.document).filter(([name]) => !overridden.has(name)));
  const wrong = checkDocument(inForce).map(({ rule, path, message, help }): Finding => {
    const variable = variableOf(environment, path);
    const finding: Finding = { rule, severity: 'error', path, message, ...(help === undefined ? {} : { help }) };
    return variable === undefined ? finding : ofVariable(finding, variable);
  });
  return [...wrong, ...others];
}

/** What is to be said of variables besides their values; a file has the keys of these names at its top. */
export function variableFindings(
  { sources, contradiction }: EnvironmentConfiguration,
  overridden: ReadonlySet<string>,
): Finding[] {
  return [
    ...(contradiction === undefined || overridden.has('interfaces') ? [] : [contradiction]),
    ...overriddenWarning(sources, overridden),
    ...deprecatedWarning(sources, overridden),
  ];
}

function deprecatedWarning(sources: ReadonlyMap<string, string>, overridden: ReadonlySet<string>): Finding[] {
  if (overridden.has('interfaces') || ![...sources.values()].includes(TAP_VARIABLE)) {
    return [];
  }
  return [
    {
      rule: 'deprecated-variable',
      severity: 'warning',
      path: [TAP_VARIABLE],
      message: 'the oldest form of an interface',
      help: 'set LKL_HIJACK_NET_IFTYPE=tap, and LKL_HIJACK_NET_IFPARAMS to the name of the tap device',
    },
  ];
}

/** Tells which variables have no effect, for a file has the keys of these names at its top. */
function overriddenWarning(sources: ReadonlyMap<string, string>, names: ReadonlySet<string>): Finding[] {
  const ineffective = [...sources].filter(([key]) => names.has(key.split('.')[0] ?? ''));
  if (ineffective.length === 0) {
    return [];
  }
  const variables = [...new Set(ineffective.map(([, variable]) => variable))].join(', ');
  return [
    {
      rule: 'env-and-file',
      severity: 'warning',
      path: [],
      message: `the configuration file overrides ${variables}`,
      help: 'unset what the file says',
    },
  ];
}
