// SPDX-License-Identifier: GPL-2.0-or-later
//
// Every queueing discipline that the linter lets pass can be set up.
import assert from 'node:assert/strict';
import { QDISCS } from '../../src/config/rules/qdisc-unknown.ts';
import { define } from '../support/define.ts';
import { hijack } from '../support/hijack.ts';

define('qdiscs', (test) => {
  test('of the linter are those of the kernel', async () => {
    const interfaces = QDISCS.map((kind) => ({ type: 'loop', qdisc: `root|${kind}` }));
    const beside = ['ingress', 'clsact'].map((kind) => ({ type: 'loop', qdisc: `${kind}|${kind}` }));
    const { stdout, stderr } = await hijack(['tc', 'qdisc', 'show'], {
      config: { interfaces: [...interfaces, ...beside] },
    });
    const found = [...stdout.matchAll(/^qdisc (\S+) \S+ dev eth(\d+)/gm)].map(([, kind, index]) => `${index} ${kind}`);
    for (const [index, kind] of [...QDISCS, 'ingress', 'clsact'].entries()) {
      assert.ok(found.includes(`${index} ${kind}`), `${kind}: ${stdout}${stderr}`);
    }
  });
});
