// SPDX-License-Identifier: GPL-2.0-or-later
import { interfaceTypes } from '../types.ts';
import { perInterface } from './rule.ts';

/** An interface has a type, and says which device it is where the type needs that. */
export const missingKey = perInterface(({ type }, path, has) => {
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
});
