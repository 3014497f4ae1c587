// SPDX-License-Identifier: GPL-2.0-or-later

import type { KeyPath } from '../finding.ts';
import { globalKeys, interfaceKeys } from '../keys.ts';
import type { Complaint, Rule } from './rule.ts';

export const classicForm: Rule = {
  id: 'classic-form',
  severity: 'info',
  summary: 'A number or boolean stands where the classic form has a string.',
  details: 'Both `1500` and `"1500"` are taken here. Other programs that read this file may know only strings.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mtu": 1500 }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mtu": "1500" }] }',
  check: ({ configuration, raw }) => {
    const find = (names: readonly string[], path: KeyPath): Complaint[] =>
      names.flatMap((name): Complaint[] => {
        const at = [...path, name];
        const value = raw(at);
        if (typeof value !== 'number' && typeof value !== 'boolean') {
          return [];
        }
        const text = typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
        const description = `write "${text}"`;
        return [
          {
            path: at,
            part: 'value',
            message: `${value} is not in quotes`,
            help: `the classic form is "${text}"`,
            fix: { op: 'replace', path: at, value: text, description },
          },
        ];
      });
    return [
      ...find(sound(configuration, Object.keys(globalKeys)), []),
      ...(configuration.interfaces ?? []).flatMap((one, index) =>
        find(sound(one, Object.keys(interfaceKeys)), ['interfaces', index]),
      ),
    ];
  },
};

/** The keys whose values are right in all else. */
function sound(values: object, names: readonly string[]): string[] {
  return names.filter((name) => Object.hasOwn(values, name));
}
