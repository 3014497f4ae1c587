// SPDX-License-Identifier: GPL-2.0-or-later
import { interfaceTypes } from '../types.ts';
import { perInterface } from './rule.ts';

/** What param means depends on the type. */
export const paramSyntax = perInterface(({ type, param }, path) => {
  const row = type === undefined ? undefined : interfaceTypes[type];
  if (row === undefined || param === undefined || row.param.matches(param)) {
    return [];
  }
  const { form, example } = row.param;
  return [
    {
      path: [...path, 'param'],
      part: 'value',
      message: `${JSON.stringify(param)} is not ${form}`,
      help: example === undefined ? 'remove it' : `write "param": ${JSON.stringify(example)}`,
    },
  ];
});
