// SPDX-License-Identifier: GPL-2.0-or-later
import path from 'node:path';
import { temporaryDirectory } from '../test/support/hijack.ts';
import { damage, filledSectors, IMAGES, makeImage, walkImage } from '../test/support/images.ts';
import type { Benchmark } from './benchmark.ts';

/** For each type of file system; DAMAGED_SECONDS says otherwise. */
const SECONDS = 600;

/** The seeds of test/linux/damaged.ts are below. */
const FIRST_SEED = 1000;

/** Ten minutes of damaged images of each type; it fails at the first crash or hang, with the seed that leads there. */
export const damaged: Benchmark = {
  name: 'damaged',
  description: 'damaged images, ten minutes of each type of file system, that ended the kernel',
  onlyByName: true,
  run: async () => {
    const seconds = Number(process.env.DAMAGED_SECONDS ?? SECONDS);
    const notes: Record<string, number> = {};
    for (const type of Object.keys(IMAGES)) {
      const image = await makeImage(temporaryDirectory(), type);
      const sectors = filledSectors(image);
      const copy = path.join(temporaryDirectory(), 'damaged.img');
      const end = Date.now() + seconds * 1000;
      let seed = FIRST_SEED;
      for (; Date.now() < end; seed++) {
        await damage(image, sectors, copy, seed);
        const { sound, output } = await walkImage(copy);
        if (!sound) {
          throw new Error(`${type}, seed ${seed}: ${output}`);
        }
      }
      notes[type] = seed - FIRST_SEED;
    }
    return { ours: 0, host: null, unit: 'images', ratio: null, spread: 0, notes };
  },
};
