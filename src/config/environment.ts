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
}

/** The oldest form of type and param. */
export const TAP_VARIABLE = 'LKL_HIJACK_NET_TAP';

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
  // Without a type the library makes no interface of the others.
  return 'type' in one ? { document: { ...document, interfaces: [one] }, sources } : { document, sources };
}

/** Checks variables as far as they are in force beside a file. A finding's path is the variable. */
export function checkVariables(variables: ReadonlyMap<string, string>, file: unknown): Finding[] {
  const { document, sources } = readVariables(variables);
  const overridden = new Set(typeof file === 'object' && file !== null ? Object.keys(file) : []);
  const inForce = Object.fromEntries(Object.entries(document).filter(([name]) => !overridden.has(name)));
  const wrong = checkDocument(inForce).map(({ rule, path, message, help }): Finding => {
    const variable = sources.get(path.join('.'));
    return {
      rule,
      severity: 'error',
      path: variable === undefined ? path : [variable],
      message,
      ...(help === undefined ? {} : { help }),
    };
  });
  return [...wrong, ...variableWarnings(sources, overridden)];
}

/** What is to be said of variables besides that they are wrong; a file has the keys of these names at its top. */
export function variableWarnings(sources: ReadonlyMap<string, string>, overridden: ReadonlySet<string>): Finding[] {
  return [...overriddenWarning(sources, overridden), ...deprecatedWarning(sources, overridden)];
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
