// SPDX-License-Identifier: GPL-2.0-or-later
import { interfaceTypes } from '../types.ts';
import { perInterface, type Rule } from './rule.ts';

export const missingKey: Rule = {
  id: 'missing-key',
  severity: 'error',
  fatal: true,
  summary: 'An interface does not say what it is on the host.',
  details: 'It needs `type`, and where there can be several of that type, `param` to tell which one it is.',
  bad: '{ "interfaces": [{ "type": "tap" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0" }] }',
  check: perInterface(({ type }, path, { has }) => {
    const missing = (name: string, help: string) => ({
      path: [...path, name],
      part: 'value' as const,
      message: 'missing',
      help,
    });
    const { needed } = (type === undefined ? undefined : interfaceTypes[type]?.param) ?? {};
    return [
      ...(has([...path, 'type']) ? [] : [missing('type', 'write "type": "tap"')]),
      ...(needed === undefined || has([...path, 'param']) ? [] : [missing('param', needed)]),
    ];
  }),
};
