// SPDX-License-Identifier: GPL-2.0-or-later
import { packedText } from './key.ts';
import { globalKeys, interfaceKeys } from './keys.ts';
import { rows } from './model.ts';

/** A configuration in the form of environment variables, and what that form cannot say. */
export interface VariablesForm {
  readonly variables: ReadonlyMap<string, string>;
  readonly lost: readonly string[];
}

/** Variables for a sound document. They describe at most one interface. */
export function toVariables(document: Readonly<Record<string, unknown>>): VariablesForm {
  const variables = new Map<string, string>();
  const lost: string[] = [];
  const write = (keys: typeof globalKeys | typeof interfaceKeys, members: unknown, where: string): void => {
    for (const [name, { variable, kind }] of rows(keys)) {
      const value = isObject(members) ? members[name] : undefined;
      const text = packedText(value, kind);
      if (value === undefined || name === '$schema') {
        continue;
      }
      if (variable === undefined || text === undefined) {
        lost.push(
          `${where}${name}: ${variable === undefined ? 'there is no variable for it' : 'no text can stand for it'}`,
        );
      } else {
        variables.set(variable, text);
      }
    }
  };
  write(globalKeys, document, '');
  const list = Array.isArray(document.interfaces) ? document.interfaces : [];
  write(interfaceKeys, list[0], 'interfaces[0].');
  if (list.length > 1) {
    lost.push(`interfaces[1]${list.length > 2 ? ' and those after it' : ''}: variables describe one interface`);
  }
  return { variables, lost };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
