// SPDX-License-Identifier: GPL-2.0-or-later
// time limit: 600 s
/** Damaged images of every type: an error, never a crash or a hang. `npm run bench -- damaged` is the long form. */
import path from 'node:path';
import * as assert from 'uvu/assert';
import { define } from '../support/define.ts';
import { temporaryDirectory } from '../support/hijack.ts';
import { damage, filledSectors, IMAGES, makeImage, walkImage } from '../support/images.ts';

/** Of each type, always the same. */
const DAMAGED = 8;

define('damaged images', (test) => {
  for (const type of Object.keys(IMAGES)) {
    test(
      type,
      async () => {
        const image = await makeImage(temporaryDirectory(), type);
        const sectors = filledSectors(image);
        const copy = path.join(temporaryDirectory(), 'damaged.img');
        for (let seed = 1; seed <= DAMAGED; seed++) {
          await damage(image, sectors, copy, seed);
          const { sound, output } = await walkImage(copy);
          assert.ok(sound, `seed ${seed}: ${output}`);
        }
      },
      { timeout: 120_000 },
    );
  }
});
