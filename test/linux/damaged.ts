// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 600 s
/** Damaged images of every type: an error, never a crash or a hang. `npm run bench -- damaged` is the long form. */
import path from 'node:path';
import * as assert from 'uvu/assert';
import { readContents, writeDamaged } from '../support/damage.ts';
import { define } from '../support/define.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { IMAGES, makeImage } from '../support/images.ts';
import { goIn, waysIn } from '../support/ways-in.ts';

/** Of each type, always the same: a walk through each, and each other way into one of them. */
const DAMAGED = 8;

define('damaged images', (test) => {
  for (const type of Object.keys(IMAGES)) {
    test(
      type,
      async () => {
        const image = await makeImage(temporaryDirectory(), type);
        const whole = await goIn('walk', image);
        assert.ok(whole.status === 0, whole.output);
        const contents = readContents(image);
        const copy = path.join(temporaryDirectory(), 'damaged.img');
        for (let seed = 1; seed <= DAMAGED; seed++) {
          for (const way of new Set(['walk', waysIn[seed % waysIn.length] ?? 'walk'])) {
            writeDamaged(contents, copy, seed);
            const { sound, output } = await goIn(way, copy);
            assert.ok(sound, `seed ${seed}, ${way}: ${output}`);
          }
        }
      },
      { timeout: 120_000 },
    );
  }
});
