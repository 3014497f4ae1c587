// SPDX-License-Identifier: GPL-2.0-or-later
import { perInterface } from './rule.ts';

const NEEDED = {
  type: 'write "type": "tap"',
  param: 'a tap needs the name of the device on the host, such as "param": "tap0"',
};

/** An interface has a type and says which device it is. */
export const missingKey = perInterface((_one, path, has) =>
  Object.entries(NEEDED)
    .filter(([name]) => !has([...path, name]))
    .map(([name, help]) => ({ path: [...path, name], part: 'value', message: 'missing', help })),
);
