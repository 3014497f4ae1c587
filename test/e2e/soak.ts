// SPDX-License-Identifier: GPL-2.0-or-later
/** The short form of `npm run bench -- soak`: a quarter of a minute for each server. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import * as assert from 'uvu/assert';
import { define, skip } from '../support/define.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { noHosts } from '../support/namespace.ts';
import { growth, soakNginx, soakRedis } from '../support/soak.ts';

const reason = noHosts();
if (reason !== undefined) {
  skip(reason);
}

define('soak', (test) => {
  for (const [name, soak] of [
    ['nginx', soakNginx],
    ['redis', soakRedis],
  ] as const) {
    test(
      `${name}: nothing grows, no reply is lost, and ten times the work takes no more of the kernel`,
      async () => {
        const directory = path.join(temporaryDirectory(), name);
        mkdirSync(directory);
        const short = await soak(directory, { seconds: 1, rounds: 1 });
        const long = await soak(directory, { seconds: 12, rounds: 4, connections: 10 * short.connections });
        assert.ok(long.connections >= 10 * short.connections, JSON.stringify([short, long]));
        assert.is(growth(long, short), undefined, JSON.stringify([short, long]));
      },
      { timeout: 150_000 },
    );
  }
});
