// SPDX-License-Identifier: GPL-2.0-or-later
import { entryPath } from './lists.ts';
import { perInterface, type Rule } from './rule.ts';

export const qdiscTwice: Rule = {
  id: 'qdisc-twice',
  severity: 'warning',
  summary: 'Two queueing disciplines have one parent.',
  details: 'The second takes the place of the first.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "qdisc": "root|fq;root|fq_codel" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "qdisc": "root|fq_codel" }] }',
  check: perInterface(({ qdisc = [] }, path, { raw }) =>
    qdisc.flatMap(({ parent }, index) =>
      qdisc.findIndex((other) => other.parent === parent) === index
        ? []
        : [
            {
              path: entryPath(raw, 'qdisc', index, parent, path),
              part: 'value' as const,
              message: `${parent} has a qdisc already`,
              help: 'remove one of them',
            },
          ],
    ),
  ),
};
