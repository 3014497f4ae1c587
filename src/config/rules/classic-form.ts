// SPDX-License-Identifier: GPL-2.0-or-later

import type { KeyPath } from '../finding.ts';
import type { Complaint, Rule } from './rule.ts';

export const classicForm: Rule = {
  id: 'classic-form',
  severity: 'info',
  summary: 'A number or boolean stands where the classic form has a string.',
  details: 'Both `1500` and `"1500"` are taken here. Other programs that read this file may know only strings.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mtu": 1500 }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mtu": "1500" }] }',
  check: ({ configuration, raw }) => {
    // Only of what is right in all else.
    const find = (values: object, path: KeyPath): Complaint[] => {
      const members = raw(path);
      return typeof members !== 'object' || members === null
        ? []
        : Object.keys(values).flatMap((name) => complain(Reflect.get(members, name), [...path, name]));
    };
    return [
      ...find(configuration, []),
      ...(configuration.interfaces ?? []).flatMap((one, index) => find(one, ['interfaces', index])),
    ];
  },
};

function complain(value: unknown, path: KeyPath): Complaint[] {
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    return [];
  }
  const text = typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
  return [
    {
      path,
      part: 'value',
      message: `${value} is not in quotes`,
      help: `the classic form is "${text}"`,
      fix: { op: 'replace', path, value: text, description: `write "${text}"` },
    },
  ];
}
