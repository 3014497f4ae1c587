// SPDX-License-Identifier: GPL-2.0-or-later
import { nearest } from '../nearest.ts';
import { entryPath } from './lists.ts';
import { perInterface, type Rule } from './rule.ts';

/** What the kernel is built with and needs no parameters; test/e2e/qdiscs.ts sets each. */
export const QDISCS = [
  'bfifo',
  'blackhole',
  'cake',
  'codel',
  'drr',
  'fq',
  'fq_codel',
  'fq_pie',
  'hhf',
  'noqueue',
  'pfifo',
  'pfifo_fast',
  'pie',
  'qfq',
  'sfb',
  'sfq',
  'skbprio',
];

/** What is set up beside the queue of the interface, each with a parent of its own name. */
const BESIDE = ['ingress', 'clsact'];

/** What does nothing without parameters, which `qdisc` does not have. */
const WITH_PARAMETERS = [
  'cbs',
  'choke',
  'etf',
  'ets',
  'gred',
  'hfsc',
  'htb',
  'mqprio',
  'netem',
  'prio',
  'red',
  'taprio',
  'tbf',
];

export const qdiscUnknown: Rule = {
  id: 'qdisc-unknown',
  severity: 'error',
  summary: "LKL's kernel cannot set up a queueing discipline.",
  details: `It knows ${QDISCS.map((name) => `\`${name}\``).join(', ')}; and \`ingress\` and \`clsact\`, each with itself as parent. Others need parameters, which \`qdisc\` cannot give; nor can a tc(8) that the program starts, as that has a kernel of its own. The program itself can set them up: [inside.md](inside.md).`,
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "qdisc": "root|fq_kodel" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "qdisc": "root|fq_codel" }] }',
  check: perInterface(({ qdisc = [] }, path, { raw }) =>
    qdisc.flatMap(({ parent, kind }, index) => {
      const problem = wrong(parent, kind);
      return problem === undefined
        ? []
        : [{ path: entryPath(raw, 'qdisc', index, parent, path), part: 'value' as const, ...problem }];
    }),
  ),
};

function wrong(parent: string, kind: string): { message: string; help: string } | undefined {
  if (BESIDE.includes(kind) || BESIDE.includes(parent)) {
    const own = BESIDE.includes(kind) ? kind : parent;
    return parent === kind ? undefined : { message: `${kind} cannot be at ${parent}`, help: `write ${own}|${own}` };
  }
  if (QDISCS.includes(kind)) {
    return parent === 'root'
      ? undefined
      : {
          message: `there is no class ${parent}`,
          help: 'write root; classes the program itself can make (docs/inside.md)',
        };
  }
  if (WITH_PARAMETERS.includes(kind)) {
    return { message: `${kind} needs parameters`, help: 'the program itself can set it up (docs/inside.md)' };
  }
  const near = nearest(kind, QDISCS);
  return {
    message: `the kernel has no qdisc ${kind}`,
    help: near === undefined ? `it has ${QDISCS.join(', ')}` : `did you mean ${near}?`,
  };
}
